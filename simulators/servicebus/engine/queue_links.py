"""Links of a queue itself: its senders, and its receivers with or without a session."""

import uuid
from functools import partial
from typing import TYPE_CHECKING

from simulators.servicebus.amqp import Described, Long, Symbol, ULong
from simulators.servicebus.broker.delivery import SessionRequest
from simulators.servicebus.broker.errors import VENDOR, BrokerError, server_busy
from simulators.servicebus.broker.message_format import read_batch, read_message
from simulators.servicebus.broker.queue import Queue
from simulators.servicebus.broker.settlement import Settlement, settle
from simulators.servicebus.engine.errors import outcome, rejected
from simulators.servicebus.engine.links import Inlet, Outlet
from simulators.servicebus.engine.outbox import Delivery
from simulators.servicebus.engine.performatives import Attach, Disposition, Flow

if TYPE_CHECKING:
    from simulators.servicebus.engine.channel import Channel

_BATCH_FORMAT = 0x80013700
_SESSION_FILTER = Symbol(f"{VENDOR}session-filter")
_SOURCE = 0x28
_FILTER = 7  # position of the filter set among a source's fields
_DEFAULT_WAIT = 60_000
_TICKS_AT_EPOCH = 621355968000000000  # .NET counts 100 ns steps from year 1
_SETTLED_MODE = 1


class QueueInlet(Inlet):
    """A sender's link."""

    def __init__(self, channel: "Channel", wish: Attach, queue: Queue) -> None:
        super().__init__(channel, wish)
        self._queue = queue

    def _schedule(self, work: "partial[None]") -> None:
        self.channel.server.faults.delay(work, self.channel.server.later)

    def handle_message(self, message_format: int, payload: bytes) -> None:
        """Put a message or a batch in the queue."""
        if self.channel.server.faults.is_busy():
            raise server_busy()
        batch = message_format == _BATCH_FORMAT
        self._queue.send(read_batch(payload) if batch else [read_message(payload)])


class QueueOutlet(Outlet):
    """A receiver's link: the broker's consumer."""

    def __init__(self, channel: "Channel", wish: Attach, queue: Queue) -> None:
        super().__init__(channel, wish)
        self._queue = queue
        self.removes = wish.snd_settle_mode == _SETTLED_MODE

    def begin(self) -> None:
        """Join the queue's receivers; for a session the attach is answered when there is one."""
        request = _session_request(self.wish)
        self._queue.attach(self, request)
        if request is None:
            super().begin()

    def accept_session(self, session_id: str, locked_until: int) -> None:
        """Answer the attach with the session's id; the source stays the peer's, byte for byte."""
        fields = [*self.wish.source.value] if self.wish.source is not None else []
        fields[_FILTER : _FILTER + 1] = [{_SESSION_FILTER: session_id}]
        ticks = _TICKS_AT_EPOCH + locked_until * 10_000
        properties = {Symbol(f"{VENDOR}locked-until-utc"): Long(ticks)}
        self.confirm(Described(ULong(_SOURCE), fields), properties)

    def on_flow(self, flow: Flow) -> None:
        """Take the credit; to drain is to use up at once what no message is there for."""
        super().on_flow(flow)
        self._queue.stirred = True
        if flow.drain:
            self.channel.server.namespace.run()
            self.delivery_count += self.credit
            self.credit = 0
            self.channel.write_flow(self.handle, self.delivery_count, 0, drain=True)

    def deliver(self, payload: bytes, tag: bytes, settled: bool) -> None:
        """Send one message of the queue."""
        self.send(Delivery(self.handle, payload, tag, settled, outlet=self))

    def settle(self, number: int, token: uuid.UUID, settlement: Settlement, code: int) -> None:
        """Carry out the outcome and answer it with the same one, or with why not.

        Answers go one by one: pyamqp waits out a read for each range it is given.
        """
        answer = outcome(code)
        try:
            settle(self._queue, token, settlement)
        except BrokerError as error:
            answer = rejected(error)
        self.channel.write(
            Disposition(role=False, first=number, last=number, settled=True, state=answer)
        )

    def on_gone(self) -> None:
        """Leave the queue's receivers."""
        if not self.gone:
            self._queue.detach(self)
        super().on_gone()


def _session_request(wish: Attach) -> SessionRequest | None:
    """Return the session the peer's source filter asks for; a null id is the next available."""
    fields = wish.source.value if wish.source is not None else []
    filters = fields[_FILTER] if isinstance(fields, list) and len(fields) > _FILTER else None
    if not isinstance(filters, dict) or _SESSION_FILTER not in filters:
        return None
    wanted = filters[_SESSION_FILTER]
    session_id = wanted.value if isinstance(wanted, Described) else wanted
    wait = (wish.properties or {}).get(f"{VENDOR}timeout")
    return SessionRequest(
        session_id if isinstance(session_id, str) else None,
        wait if isinstance(wait, int) else _DEFAULT_WAIT,
    )
