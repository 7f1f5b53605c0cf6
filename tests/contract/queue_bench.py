"""What a test needs of a queue beside the port: to take messages off, and to let some die."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from domain.message import read_hint
from domain.ports import DeadLetter, Hint, Queue
from tests.contract.simulator import Simulator
from tests.fakes.clock import FakeClock
from tests.fakes.queue import FakeQueue

_ALL = 250
_PATIENCE = 30.0
"""Seconds to wait for a message that is there."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message about a page, as it arrived."""

    bundle: str
    page: str
    session: str
    message: str


class QueueBench(Protocol):
    @property
    def queue(self) -> Queue: ...

    def now(self) -> datetime: ...
    def advance(self, seconds: float) -> None: ...
    async def take_pages(self, session: str) -> list[Taken]: ...
    async def take_hints(self) -> list[Hint]: ...
    async def let_die(self, session: str, reason: str, description: str) -> None: ...


class MemoryBench:
    """Over the fake."""

    def __init__(self) -> None:
        self._clock = FakeClock()
        self.queue = FakeQueue()

    def now(self) -> datetime:
        return self._clock.now()

    def advance(self, seconds: float) -> None:
        self._clock.advance(seconds)

    async def take_pages(self, session: str) -> list[Taken]:
        due = [p for p in self.queue.pages if p.session == session and p.due <= self.now()]
        for page in due:
            self.queue.pages.remove(page)
        return [Taken(page.bundle, page.page, page.session, page.message) for page in due]

    async def take_hints(self) -> list[Hint]:
        due = [hint for hint in self.queue.hints if hint.due <= self.now()]
        for hint in due:
            self.queue.hints.remove(hint)
        return [sent.hint for sent in due]

    async def let_die(self, session: str, reason: str, description: str) -> None:
        for page in await self.take_pages(session):
            body = json.dumps({"version": 1, "bundle": page.bundle, "page": page.page})
            letter = DeadLetter("fulfillment", page.message, body, f"{reason}: {description}")
            self.queue.dead.append(letter)


class SimulatorBench:
    """Over the adapter, with receivers of the SDK's own on the other side."""

    def __init__(self, queue: Queue, simulator: Simulator) -> None:
        self.queue = queue
        self._simulator = simulator

    def now(self) -> datetime:
        return self._simulator.now()

    def advance(self, seconds: float) -> None:
        self._simulator.advance(seconds)

    async def take_pages(self, session: str) -> list[Taken]:
        taken = []
        for message in await self._take("fulfillment", session):
            body = json.loads(_body(message))
            assert body.pop("version") == 1
            taken.append(Taken(**body, session=session, message=str(message.message_id)))
        return taken

    async def take_hints(self) -> list[Hint]:
        return [read_hint(_body(message)) for message in await self._take("recompile", None)]

    async def let_die(self, session: str, reason: str, description: str) -> None:
        await self._take("fulfillment", session, (reason, description))

    async def _take(
        self, queue: str, session: str | None, dead: tuple[str, str] | None = None
    ) -> list[ServiceBusReceivedMessage]:
        taken: list[ServiceBusReceivedMessage] = []
        async with (
            ServiceBusClient.from_connection_string(self._simulator.connection_string) as client,
            client.get_queue_receiver(queue, session_id=session) as receiver,
        ):
            while await self._is_anything_due(receiver):
                messages = await receiver.receive_messages(100, max_wait_time=_PATIENCE)
                for message in messages:
                    if dead:
                        await receiver.dead_letter_message(message, *dead)
                    else:
                        await receiver.complete_message(message)
                taken += messages
        return taken

    async def _is_anything_due(self, receiver: ServiceBusReceiver) -> bool:
        """Ask the broker, since a receiver that gets nothing for a while may only be slow."""
        for message in await receiver.peek_messages(_ALL, sequence_number=1):
            due = message.scheduled_enqueue_time_utc
            if due is None or due <= self.now():
                return True
        return False


def _body(message: ServiceBusReceivedMessage) -> bytes:
    return b"".join(message.body)
