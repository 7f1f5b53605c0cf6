"""The Queue port on Service Bus."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby

from azure.core.exceptions import AzureError
from azure.servicebus import (
    ServiceBusMessage,
    ServiceBusMessageBatch,
    ServiceBusReceivedMessage,
    ServiceBusSubQueue,
)
from azure.servicebus.aio import ServiceBusReceiver, ServiceBusSender
from azure.servicebus.amqp import AmqpMessageBodyType
from azure.servicebus.exceptions import MessageSizeExceededError

from adapters.servicebus.connection import ServiceBus
from adapters.servicebus.errors import RECEIVER, SENDER, service_bus_errors
from adapters.servicebus.messages import Message, of_hints, of_page
from domain.errors import SeatflowError
from domain.ledger import Page
from domain.ports import DeadLetter, Hint

_PATIENCE = 30.0
"""Seconds for one send: a broker that never answers must not hold a function for ever."""
_AT_ONCE = 10
_TRACE = "Diagnostic-Id"
"""The property in which Azure's own libraries, the Functions host's among them, look for the trace
of a message (Azure docs: Service Bus end-to-end tracing)."""
_LAST_CALL = 1.0
"""Seconds without a dead letter after which there is none."""


class ServiceBusQueue:
    """Sends pages to one queue and hints to another, and empties the dead letters of both."""

    def __init__(self, bus: ServiceBus, fulfillment: str, recompile: str) -> None:
        self._bus = bus
        self._fulfillment = fulfillment
        self._recompile = recompile

    async def send_pages(self, pages: Sequence[Page], now: datetime) -> None:
        """Send one message per page, in order, session = target; `due_at` later than now waits."""
        await self._send(self._fulfillment, [of_page(page, now) for page in pages])

    async def send_hints(self, hints: Sequence[Hint], now: datetime) -> None:
        """Send hints to recompile; the same hint within a short while is sent once."""
        await self._send(self._recompile, list(of_hints(hints, now)))

    async def dead_letters(self) -> AsyncIterator[DeadLetter]:
        """Yield dead-lettered messages; each is settled once the consumer asks for the next."""
        for queue in (self._fulfillment, self._recompile):
            with service_bus_errors(queue, RECEIVER):
                async with self._bus.receiver(queue, ServiceBusSubQueue.DEAD_LETTER) as receiver:
                    async for letter in _letters(receiver, queue):
                        yield letter

    async def _send(self, queue: str, messages: Sequence[Message]) -> None:
        async with self._bus.lock(queue):
            try:
                with service_bus_errors(queue, SENDER):
                    # Only messages of one session may share a batch.
                    for _, run in groupby(messages, lambda m: (m.session, m.due is None)):
                        await _send_run(self._bus.sender(queue), list(run))
            except SeatflowError:
                with suppress(AzureError):
                    await self._bus.drop_sender(queue)
                raise


async def _send_run(sender: ServiceBusSender, run: Sequence[Message]) -> None:
    if run[0].due is not None or len(run) == 1:
        for message in run:
            await sender.send_messages(_wire(message), timeout=_PATIENCE)
        return
    batch = await sender.create_message_batch()
    for message in run:
        batch = await _add(sender, batch, _wire(message))
    await sender.send_messages(batch, timeout=_PATIENCE)


async def _add(
    sender: ServiceBusSender, batch: ServiceBusMessageBatch, message: ServiceBusMessage
) -> ServiceBusMessageBatch:
    """Add a message to the batch, or send that and begin another one."""
    try:
        batch.add_message(message)
    except MessageSizeExceededError:
        await sender.send_messages(batch, timeout=_PATIENCE)
        batch = await sender.create_message_batch()
        batch.add_message(message)
    return batch


def _wire(message: Message) -> ServiceBusMessage:
    return ServiceBusMessage(
        message.body,
        message_id=message.id,
        session_id=message.session,
        scheduled_enqueue_time_utc=message.due,
        content_type="application/json",
        application_properties={_TRACE: message.trace} if message.trace else None,
    )


async def _letters(receiver: ServiceBusReceiver, queue: str) -> AsyncIterator[DeadLetter]:
    while messages := await receiver.receive_messages(_AT_ONCE, max_wait_time=_LAST_CALL):
        for message in messages:
            yield _letter(message, queue)
            await receiver.complete_message(message)


def _letter(message: ServiceBusReceivedMessage, queue: str) -> DeadLetter:
    why = [message.dead_letter_reason, message.dead_letter_error_description]
    return DeadLetter(
        queue=queue,
        message=message.message_id or "",
        body=_text(message),
        reason=": ".join(part for part in why if part) or "No reason was given.",
    )


def _text(message: ServiceBusReceivedMessage) -> str:
    if message.body_type is AmqpMessageBodyType.DATA:
        return b"".join(message.body).decode(errors="replace")
    return str(message.body)
