"""Links from the server's side: an inlet takes what the peer sends, an outlet gives it messages."""

from functools import partial
from typing import TYPE_CHECKING, Any

from simulators.servicebus.amqp import Described
from simulators.servicebus.broker.errors import BrokerError, too_large
from simulators.servicebus.broker.settings import MAX_MESSAGE_BYTES
from simulators.servicebus.engine.errors import accepted, amqp_error, rejected
from simulators.servicebus.engine.outbox import Delivery
from simulators.servicebus.engine.performatives import Attach, Detach, Disposition, Flow, Transfer

if TYPE_CHECKING:
    from simulators.servicebus.engine.channel import Channel

_CREDIT = 1000
_MAX_INCOMING = 4 * MAX_MESSAGE_BYTES
"""Where collecting the parts of one message stops; a request may hold several messages."""


class Link:
    """A link as the peer asked for it; `gone` once it is detached or its connection is lost."""

    def __init__(self, channel: "Channel", wish: Attach) -> None:
        self.channel = channel
        self.wish = wish
        self.handle = wish.handle
        self.gone = False
        self._answered = False

    def begin(self) -> None:
        """Answer the attach; BrokerError to refuse it."""
        self.confirm(self.wish.source)

    def confirm(self, source: Described | None, properties: dict[Any, Any] | None = None) -> None:
        """Answer that the link is attached."""
        self._answer(source, self.wish.target, properties)

    def _answer(
        self,
        source: Described | None,
        target: Described | None,
        properties: dict[Any, Any] | None = None,
    ) -> None:
        self._answered = True
        reply = Attach(
            name=self.wish.name,
            handle=self.handle,
            role=not self.wish.role,
            snd_settle_mode=self.wish.snd_settle_mode,
            rcv_settle_mode=self.wish.rcv_settle_mode,
            source=source,
            target=target,
            initial_delivery_count=0 if self.wish.role else None,
            max_message_size=MAX_MESSAGE_BYTES,
            properties=properties,
        )
        self.channel.write(reply)

    def refuse(self, error: BrokerError) -> None:
        """Detach with an error; a link not yet attached is first attached to nothing."""
        if not self._answered:
            self._answer(None, None)
        self.channel.write(Detach(self.handle, closed=True, error=amqp_error(error)))
        self.channel.forget(self)

    def on_flow(self, flow: Flow) -> None:
        """Take the peer's word on credit."""

    def on_gone(self) -> None:
        """The link is detached or its connection lost."""
        self.gone = True


class Inlet(Link):
    """A link on which the peer sends. Credit is granted at once and topped up."""

    def __init__(self, channel: "Channel", wish: Attach) -> None:
        super().__init__(channel, wish)
        self._credit = 0
        self._delivery_count = 0
        self._first: Transfer | None = None
        self._parts: list[bytes] = []
        self._size = 0

    def begin(self) -> None:
        """Attach and grant credit."""
        super().begin()
        self._grant(_CREDIT)

    def on_flow(self, flow: Flow) -> None:
        """Say how much credit there is, if asked."""
        if flow.echo:
            self._grant(self._credit)

    def _grant(self, credit: int) -> None:
        self._credit = credit
        self.channel.write_flow(self.handle, self._delivery_count, credit)

    def receive(self, transfer: Transfer, payload: bytes) -> None:
        """Take one frame; with the last one of a message, handle the message."""
        if transfer.aborted:
            self._first = None
            return
        if self._first is None:
            self._first, self._parts, self._size = transfer, [], 0
        self._size += len(payload)
        if self._size <= _MAX_INCOMING:
            self._parts.append(payload)
        if not transfer.more:
            first, self._first = self._first, None
            self._schedule(partial(self._finish, first, b"".join(self._parts), self._size))

    def _schedule(self, work: "partial[None]") -> None:
        work()

    def _finish(self, first: Transfer, payload: bytes, size: int) -> None:
        if self.gone:
            return
        outcome = accepted()
        try:
            if size > _MAX_INCOMING:
                raise too_large(size, MAX_MESSAGE_BYTES)
            self.handle_message(first.message_format or 0, payload)
        except BrokerError as error:
            outcome = rejected(error)
        self._delivery_count += 1
        if not first.settled and first.delivery_id is not None:
            # settled although the peer asked for rcv-settle-mode second: pyamqp waits for it
            number = first.delivery_id
            answer = Disposition(role=True, first=number, last=number, settled=True, state=outcome)
            self.channel.write(answer)
        if self._credit - 1 < _CREDIT // 2:
            self._grant(_CREDIT)
        else:
            self._credit -= 1
        self.channel.server.wake()

    def handle_message(self, message_format: int, payload: bytes) -> None:
        """Act on one message; BrokerError rejects it."""
        raise NotImplementedError


class Outlet(Link):
    """A link on which the peer receives, as far as its credit goes."""

    def __init__(self, channel: "Channel", wish: Attach) -> None:
        super().__init__(channel, wish)
        self.credit = 0
        self.delivery_count = 0

    def on_flow(self, flow: Flow) -> None:
        """Take the credit: the peer counts from the delivery count it has seen."""
        granted = (flow.delivery_count or 0) + (flow.link_credit or 0)
        self.credit = max(0, granted - self.delivery_count)

    def send(self, delivery: Delivery) -> None:
        """Send one message."""
        self.delivery_count += 1
        self.channel.outbox.send(delivery)
