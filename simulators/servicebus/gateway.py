"""One port for both protocols: the first bytes of a connection say which one it speaks."""

import asyncio
from collections.abc import Callable
from typing import cast

from simulators.servicebus.control.http import Answer, HttpConnection
from simulators.servicebus.engine.connection import AmqpConnection
from simulators.servicebus.engine.server import Server

_AMQP = b"AMQP"
_HTTP = {b"GET ", b"POST", b"PUT ", b"HEAD", b"DELE", b"PATC", b"OPTI"}


class Gateway(asyncio.Protocol):
    """Waits for four bytes and hands the connection to whoever understands them."""

    def __init__(self, server: Server, answer: Answer) -> None:
        self._server = server
        self._answer = answer
        self._head = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand over, or end what is neither protocol or may not connect now."""
        self._head += data
        transport = self._transport
        if transport is None or len(self._head) < len(_AMQP):
            return
        make = self._protocol_for(self._head[: len(_AMQP)])
        if make is None:
            transport.abort()
            return
        protocol = make()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        protocol.data_received(self._head)

    def _protocol_for(self, start: bytes) -> Callable[[], asyncio.Protocol] | None:
        if start in _HTTP:
            return lambda: HttpConnection(self._answer)
        if start == _AMQP and not self._server.faults.refuses_connections():
            return lambda: AmqpConnection(self._server)
        return None
