"""Service Bus queue triggers: receive, invoke, settle, and stay there whatever the broker does.

A queue has as many slots as host.json allows invocations at a time. Each slot has a receiver of its
own, which waits at the broker with room for one message (or for one session), because opening a
receiver costs this SDK half a second and a message that arrives at an open one costs two
milliseconds.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

from azure.core.exceptions import AzureError
from azure.servicebus import NEXT_AVAILABLE_SESSION, ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import (
    OperationTimeoutError,
    ServiceBusConnectionError,
    SessionLockLostError,
)

from local.host.bindings import QueueTrigger
from local.host.clock import Clock
from local.host.host_json import ServiceBusOptions
from local.host.invocations import Invocations
from local.host.locks import locked
from local.host.outages import Outages
from local.host.received import from_sdk
from local.host.wire_service_bus import one_message, service_bus_batch

_log = logging.getLogger("host.queues")
# How long a receiver waits at the broker before it asks again.
_LONG_WAIT = 300.0


@dataclass
class QueueListener:
    """The listener of one function: `run` until `stop`, which lets running invocations settle."""

    trigger: QueueTrigger
    client: ServiceBusClient
    options: ServiceBusOptions
    invocations: Invocations
    clock: Clock
    outages: Outages = field(init=False)
    _stopping: bool = False
    _slots: set[asyncio.Task[None]] = field(default_factory=set)
    _busy: set[asyncio.Task[Any]] = field(default_factory=set)
    _closing: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.outages = Outages(f"queue {self.trigger.queue} of {self._name}")

    async def run(self) -> None:
        """Serve the queue in as many slots as host.json allows."""
        self._slots = {asyncio.create_task(self._slot()) for _ in range(self._slot_count())}
        done, _ = await asyncio.wait(self._slots, return_when=asyncio.FIRST_EXCEPTION)
        for slot in done:
            if not slot.cancelled():
                slot.result()

    async def stop(self, patience: float) -> None:
        """Take nothing more, and give what is being worked on `patience` seconds to settle."""
        self._stopping = True
        for slot in self._slots - self._busy:
            slot.cancel()
        if self._slots:
            _, late = await asyncio.wait(self._slots, timeout=patience)
            for slot in late:
                slot.cancel()
        await asyncio.gather(*self._slots, *self._closing, return_exceptions=True)

    @property
    def _name(self) -> str:
        return self.trigger.function

    def _slot_count(self) -> int:
        if self.trigger.many:
            return (
                1  # Batches run one after another, whatever the session (see docs/local-host.md).
            )
        if self.trigger.sessions:
            return self.options.max_concurrent_sessions
        return self.options.max_concurrent_calls

    async def _slot(self) -> None:
        while not self._stopping:
            receiver = self._receiver()
            try:
                await receiver.__aenter__()
                self.outages.over()
                await self._serve(receiver)
            except OperationTimeoutError:
                self.outages.over()  # The broker is there; no session had messages all that while.
            except SessionLockLostError as error:
                # What it cost has been said: a lock not renewed, or a message not settled.
                _log.debug("%s lost a session, and asks for it again: %s", self._name, error)
            except (AzureError, OSError) as error:
                await asyncio.sleep(self.outages.seen(error))
            finally:
                # Closing takes up to a second, which the next message need not wait for.
                closing = asyncio.create_task(_close(receiver))
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)

    def _receiver(self) -> ServiceBusReceiver:
        session: Any = NEXT_AVAILABLE_SESSION if self.trigger.sessions else None
        return self.client.get_queue_receiver(
            self.trigger.queue,
            session_id=session,
            max_wait_time=_LONG_WAIT,
            prefetch_count=self._prefetch(),
        )

    def _prefetch(self) -> int:
        # A session's receiver has what host.json says; the slots of a plain queue share it.
        prefetch = self.options.prefetch
        return prefetch if self.trigger.sessions else -(-prefetch // self._slot_count())

    async def _serve(self, receiver: ServiceBusReceiver) -> None:
        if not self.trigger.sessions:
            while not self._stopping:
                await self._work(receiver, await self._receive(receiver, _LONG_WAIT))
            return
        async with self._locked(receiver, receiver.session):
            while not self._stopping:
                messages = await self._receive(receiver, self.options.session_idle)
                if not messages:
                    return
                await self._work(receiver, messages)

    async def _receive(
        self, receiver: ServiceBusReceiver, wait: float
    ) -> list[ServiceBusReceivedMessage]:
        most = self.options.max_batch if self.trigger.many else 1
        return await receiver.receive_messages(max_message_count=most, max_wait_time=wait)

    async def _work(
        self, receiver: ServiceBusReceiver, messages: Sequence[ServiceBusReceivedMessage]
    ) -> None:
        if not messages:
            return
        slot = asyncio.current_task()
        assert slot is not None
        self._busy.add(slot)
        try:
            lock = None if self.trigger.sessions else messages[0]
            async with self._locked(receiver, lock):
                succeeded = await self._invoke(messages)
            for message in messages:
                await self._settle(receiver, message, succeeded)
        finally:
            self._busy.discard(slot)

    def _locked(self, receiver: ServiceBusReceiver, holder: Any) -> Any:
        # Batches get no renewal (docs: functions-bindings-service-bus, maxAutoLockRenewalDuration).
        if holder is None or self.trigger.many:
            return nullcontext()
        return locked(receiver, holder, self.options.max_lock_renewal, self.clock)

    async def _invoke(self, messages: Sequence[ServiceBusReceivedMessage]) -> bool:
        read = [from_sdk(message) for message in messages]
        trace = ""
        if self.trigger.many:
            data, metadata = service_bus_batch(read, binary=self.trigger.binary)
        else:
            data, metadata = one_message(read[0], binary=self.trigger.binary)
            # In Azure the SDK that receives a message goes on with the trace in it.
            trace = str(read[0].properties.get("Diagnostic-Id", ""))
        outcome = await self.invocations.run(self._name, data, metadata, trace_parent=trace)
        return outcome.succeeded

    async def _settle(
        self, receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage, succeeded: bool
    ) -> None:
        auto = self.trigger.auto_complete
        try:
            if not succeeded:
                await receiver.abandon_message(message)
            elif self.options.auto_complete if auto is None else auto:
                await receiver.complete_message(message)
        except (AzureError, OSError) as error:
            self._tell_unsettled(message, error)
        except ValueError as error:
            # The SDK's word for a receiver that was shut down under the function, when the
            # connection was lost and the lock could not be renewed; it is of no further use.
            self._tell_unsettled(message, error)
            raise ServiceBusConnectionError(message=str(error)) from error

    def _tell_unsettled(self, message: ServiceBusReceivedMessage, error: Exception) -> None:
        what = f"message {message.message_id}"
        _log.warning("%s: %s is not settled, so comes again: %s", self._name, what, error)


async def _close(receiver: ServiceBusReceiver) -> None:
    with suppress(AzureError, OSError):  # The connection may be gone, and the receiver with it.
        await receiver.close()
