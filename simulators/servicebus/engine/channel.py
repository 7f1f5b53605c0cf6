"""One AMQP session: its links, and what each performative asks of them.

Called channel, after the number it goes by, to leave the word session to Service Bus.
"""

from typing import TYPE_CHECKING

from simulators.servicebus.broker.errors import BrokerError
from simulators.servicebus.engine.addresses import link_for
from simulators.servicebus.engine.links import Inlet, Link
from simulators.servicebus.engine.outbox import FIRST_ID, Outbox
from simulators.servicebus.engine.outcomes import read_settlement
from simulators.servicebus.engine.performatives import (
    Attach,
    Begin,
    Detach,
    Disposition,
    Flow,
    Performative,
    ProtocolError,
    Transfer,
)

if TYPE_CHECKING:
    from simulators.servicebus.engine.connection import AmqpConnection

_WINDOW = 0x7FFFFFFF  # so wide that pyamqp never waits for the session's window
_HANDLE_MAX = 255


class Channel:
    """The server's end of an AMQP session."""

    def __init__(self, connection: "AmqpConnection", number: int, begin: Begin) -> None:
        self.connection = connection
        self.server = connection.server
        self.links: dict[int, Link] = {}
        self._number = number
        self._next_incoming_id = begin.next_outgoing_id or 0
        self.outbox = Outbox(self.write, connection.peer_max_frame, begin.incoming_window or 0)
        self.write(
            Begin(
                remote_channel=number,
                next_outgoing_id=FIRST_ID,
                incoming_window=_WINDOW,
                outgoing_window=_WINDOW,
                handle_max=_HANDLE_MAX,
            )
        )

    def write(self, performative: Performative, payload: bytes = b"") -> None:
        """Send a frame on this channel."""
        self.connection.write(self._number, performative, payload)

    def write_flow(
        self, handle: int, delivery_count: int, credit: int, *, drain: bool = False
    ) -> None:
        """Send the state of a link."""
        self.write(
            Flow(
                next_incoming_id=self._next_incoming_id & 0xFFFFFFFF,
                incoming_window=_WINDOW,
                next_outgoing_id=self.outbox.next_id & 0xFFFFFFFF,
                outgoing_window=_WINDOW,
                handle=handle,
                delivery_count=delivery_count & 0xFFFFFFFF,
                link_credit=credit,
                drain=drain,
                echo=False,
            )
        )

    def take(self, performative: Performative, payload: bytes) -> None:
        """Act on a performative of the peer."""
        match performative:
            case Transfer():
                self._on_transfer(performative, payload)
            case Disposition():
                self._on_disposition(performative)
            case Flow():
                self._on_flow(performative)
            case Attach():
                self._on_attach(performative)
            case Detach():
                self._on_detach(performative)
            case _:
                raise ProtocolError(f"{type(performative).__name__} on a channel")

    def end(self) -> None:
        """The peer ended the session or is gone."""
        for link in list(self.links.values()):
            self.forget(link)

    def forget(self, link: Link) -> None:
        """The link is gone; nothing is sent about its deliveries any more."""
        self.links.pop(link.handle, None)
        self.outbox.forget(link.handle)
        link.on_gone()

    def _on_attach(self, wish: Attach) -> None:
        if wish.handle in self.links:
            raise ProtocolError(f"handle {wish.handle} is in use")
        link = Link(self, wish)
        try:
            link = self.links[wish.handle] = link_for(self, wish)
            link.begin()
        except BrokerError as error:
            link.refuse(error)

    def _on_detach(self, detach: Detach) -> None:
        link = self.links.get(detach.handle)
        if link is not None:
            self.forget(link)
            self.write(Detach(link.handle, closed=bool(detach.closed)))

    def _on_flow(self, flow: Flow) -> None:
        self.outbox.open_window(flow)
        link = None if flow.handle is None else self.links.get(flow.handle)
        if link is not None:
            link.on_flow(flow)

    def _on_transfer(self, transfer: Transfer, payload: bytes) -> None:
        self._next_incoming_id += 1
        link = self.links.get(transfer.handle)
        if isinstance(link, Inlet):  # else it was detached while the transfer was on its way
            link.receive(transfer, payload)

    def _on_disposition(self, disposition: Disposition) -> None:
        settlement = read_settlement(disposition.state) if disposition.state else None
        if not disposition.role or disposition.state is None or settlement is None:
            return
        last = disposition.first if disposition.last is None else disposition.last
        for number, (outlet, token) in self.outbox.take_settled(disposition.first, last):
            outlet.settle(number, token, settlement, disposition.state.descriptor)
