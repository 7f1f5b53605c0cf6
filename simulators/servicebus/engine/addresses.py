"""From the address in an attach to the link that serves it."""

from typing import TYPE_CHECKING

from simulators.servicebus.broker.errors import not_found, not_implemented, unauthorized
from simulators.servicebus.engine.links import Link
from simulators.servicebus.engine.performatives import Attach
from simulators.servicebus.engine.queue_links import QueueInlet, QueueOutlet
from simulators.servicebus.engine.request_links import ManagementInlet, ReplyOutlet, TokenInlet

if TYPE_CHECKING:
    from simulators.servicebus.engine.channel import Channel

_CBS = "$cbs"
_MANAGEMENT = "/$management"
_COORDINATOR = 0x30


def link_for(channel: "Channel", wish: Attach) -> Link:
    """Return the link a peer wants; BrokerError when there is no such node or no token yet."""
    path = _path(wish)
    if path == _CBS:
        return ReplyOutlet(channel, wish, _CBS) if wish.role else TokenInlet(channel, wish, _CBS)
    if not channel.connection.authorized:
        raise unauthorized(f"Unauthorized access to '{path}': no token was put on this connection.")
    entity = path.removesuffix(_MANAGEMENT)
    if entity == path and channel.server.faults.denies(sending=not wish.role):
        claim = "Listen" if wish.role else "Send"
        raise unauthorized(f"Unauthorized access. '{claim}' claim(s) are required for '{path}'.")
    queue = channel.server.namespace.find(entity)
    if entity == path:
        return (QueueOutlet if wish.role else QueueInlet)(channel, wish, queue)
    if wish.role:
        return ReplyOutlet(channel, wish, path)
    return ManagementInlet(channel, wish, path, queue)


def _path(wish: Attach) -> str:
    """Return the address in lower case without `amqps://host:port/`, which clients may send."""
    terminus = wish.source if wish.role else wish.target
    if terminus is not None and terminus.descriptor == _COORDINATOR:
        raise not_implemented("A transaction")
    fields = terminus.value if terminus is not None else None
    address = fields[0] if isinstance(fields, list) and fields else None
    if not isinstance(address, str):
        raise not_found("")
    _, separator, rest = address.partition("://")
    path = rest.partition("/")[2] if separator else address
    return path.strip("/").lower()
