"""SDK senders and receivers, opened once and closed together: each costs a second of waiting."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from azure.servicebus import (
    NEXT_AVAILABLE_SESSION,
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceivedMessage,
    ServiceBusReceiver,
    ServiceBusSender,
    ServiceBusSubQueue,
)

from tests.simulators.servicebus.process import SimulatorProcess

QUICK = 0.3
"""Seconds to wait for a message that should not come."""
PATIENT = 30
"""Seconds within which a message that should come has come."""


class Handlers:
    """One client's senders and receivers, one of a kind for each queue."""

    def __init__(self, connection_string: str, **options: Any) -> None:
        options = {"retry_total": 0, **options}
        self.client = ServiceBusClient.from_connection_string(connection_string, **options)
        self._open: dict[str, Any] = {}
        self._sessions: list[ServiceBusReceiver] = []

    def sender(self, queue: str) -> ServiceBusSender:
        """Return the queue's sender."""
        sender: ServiceBusSender = self._once(
            f"to {queue}", lambda: self.client.get_queue_sender(queue)
        )
        return sender

    def receiver(self, queue: str) -> ServiceBusReceiver:
        """Return the queue's receiver."""
        receiver: ServiceBusReceiver = self._once(
            f"from {queue}", lambda: self.client.get_queue_receiver(queue)
        )
        return receiver

    def dead_letters(self, queue: str) -> ServiceBusReceiver:
        """Return the receiver of the queue's dead letters."""
        receiver: ServiceBusReceiver = self._once(
            f"dead of {queue}",
            lambda: self.client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER),
        )
        return receiver

    def session(
        self, queue: str, session_id: str | None = None, wait: float = PATIENT
    ) -> ServiceBusReceiver:
        """Return a new receiver that holds the session, or the next available one."""
        receiver = self.client.get_queue_receiver(
            queue, session_id=session_id or NEXT_AVAILABLE_SESSION, max_wait_time=wait
        )
        self._sessions.append(receiver)
        receiver.__enter__()
        return receiver

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._open:
            self._open[name] = make()
        return self._open[name]

    def close(self) -> None:
        """Close all at the same time and collect the sockets that pyamqp has lost.

        It forgets the socket of a connection that the other side dropped; tests that drop
        connections ignore that warning.
        """
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda handler: handler.close(), [*self._open.values(), *self._sessions]))
        self.client.close()
        gc.collect()


def stubborn_handlers(simulator: SimulatorProcess) -> Iterator[Handlers]:
    """Yield a client that tries again as the SDK does, only sooner, and close it."""
    handlers = Handlers(simulator.connection_string(), retry_total=6, retry_backoff_factor=0.1)
    yield handlers
    handlers.close()


def message(text: str, **fields: Any) -> ServiceBusMessage:
    """Return a message with that text for its body."""
    return ServiceBusMessage(text, **fields)


def take(receiver: ServiceBusReceiver, count: int = 1) -> list[ServiceBusReceivedMessage]:
    """Return exactly so many messages, which must come."""
    messages: list[ServiceBusReceivedMessage] = []
    while len(messages) < count:
        more = receiver.receive_messages(count - len(messages), max_wait_time=PATIENT)
        assert more, f"{len(messages)} of {count} messages came"
        messages += more
    return messages


def take_one(receiver: ServiceBusReceiver) -> ServiceBusReceivedMessage:
    """Return the next message, which must come."""
    return take(receiver)[0]


def finish(receiver: ServiceBusReceiver, count: int = 1) -> list[str]:
    """Take and complete so many messages; return their texts."""
    messages = take(receiver, count)
    for received in messages:
        receiver.complete_message(received)
    return [str(received) for received in messages]


def comes_nothing(receiver: ServiceBusReceiver) -> bool:
    """Whether no message comes for a moment."""
    return not receiver.receive_messages(1, max_wait_time=QUICK)
