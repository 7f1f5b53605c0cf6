"""Links of the two request nodes, $cbs and $management: requests in, replies out."""

from typing import TYPE_CHECKING

from simulators.servicebus.broker.errors import VENDOR, BrokerError, server_busy
from simulators.servicebus.broker.management import Reply, manage
from simulators.servicebus.broker.queue import Queue
from simulators.servicebus.engine.links import Inlet, Outlet
from simulators.servicebus.engine.outbox import Delivery
from simulators.servicebus.engine.performatives import Attach
from simulators.servicebus.engine.requests import (
    Request,
    cbs_reply,
    management_reply,
    read_request,
)
from simulators.servicebus.engine.tokens import check_token

if TYPE_CHECKING:
    from simulators.servicebus.engine.channel import Channel


class ReplyOutlet(Outlet):
    """Where replies go; they are few, so its credit is not counted."""

    def __init__(self, channel: "Channel", wish: Attach, node: str) -> None:
        super().__init__(channel, wish)
        self.node = node

    def reply(self, payload: bytes) -> None:
        """Send one reply."""
        tag = self.delivery_count.to_bytes(4)
        self.send(Delivery(self.handle, payload, tag, settled=False))

    def answers_to(self, address: object) -> bool:
        """Whether this is the link whose target a request named in reply-to."""
        fields = self.wish.target.value if self.wish.target is not None else None
        return isinstance(fields, list) and bool(fields) and fields[0] == address


class RequestInlet(Inlet):
    """Where requests come in."""

    def __init__(self, channel: "Channel", wish: Attach, node: str) -> None:
        super().__init__(channel, wish)
        self._node = node

    def handle_message(self, message_format: int, payload: bytes) -> None:
        """Answer one request on the node's reply link of the same AMQP session."""
        request = read_request(payload)
        answer = self.answer(request)
        links = self.channel.links.values()
        outlets = [x for x in links if isinstance(x, ReplyOutlet) and x.node == self._node]
        named = [outlet for outlet in outlets if outlet.answers_to(request.reply_to)]
        for outlet in (named or outlets)[:1]:
            outlet.reply(answer)

    def answer(self, request: Request) -> bytes:
        """Carry out the request and return the reply."""
        raise NotImplementedError


class TokenInlet(RequestInlet):
    """$cbs: a good token opens the connection to every queue."""

    def answer(self, request: Request) -> bytes:
        """Check the token."""
        try:
            check_token(request.body, self.channel.server.key)
        except BrokerError as refusal:
            return cbs_reply(request, refusal)
        self.channel.connection.authorized = True
        return cbs_reply(request, None)


class ManagementInlet(RequestInlet):
    """$management of one queue."""

    def __init__(self, channel: "Channel", wish: Attach, node: str, queue: Queue) -> None:
        super().__init__(channel, wish, node)
        self._queue = queue

    def answer(self, request: Request) -> bytes:
        """Carry out one operation."""
        try:
            return management_reply(request, self._carry_out(request))
        except BrokerError as refusal:
            return management_reply(request, refusal)

    def _carry_out(self, request: Request) -> Reply:
        sends = request.operation == f"{VENDOR}schedule-message"
        if sends and self.channel.server.faults.is_busy():
            raise server_busy()
        return manage(self._queue, request.operation, request.body)
