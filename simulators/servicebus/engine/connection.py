"""One AMQP connection: headers, SASL, open and close, and its channels."""

import asyncio
import logging
from typing import TYPE_CHECKING, cast

from simulators.servicebus.amqp import Array, DecodeError, Symbol, decode
from simulators.servicebus.engine.channel import Channel
from simulators.servicebus.engine.framing import (
    AMQP_HEADER,
    AMQP_KIND,
    MAX_FRAME,
    SASL_HEADER,
    SASL_KIND,
    Frame,
    FrameReader,
    write_frame,
)
from simulators.servicebus.engine.performatives import (
    Begin,
    Close,
    End,
    Open,
    Performative,
    ProtocolError,
    SaslInit,
    SaslMechanisms,
    SaslOutcome,
    read_performative,
)

if TYPE_CHECKING:
    from simulators.servicebus.engine.server import Server

_log = logging.getLogger(__name__)

# .NET and C clients want MSSBCBS, Python's sends ANONYMOUS; the token on $cbs is what counts.
_MECHANISMS = Array(Symbol, ["MSSBCBS", "ANONYMOUS", "PLAIN", "EXTERNAL"])
_MIN_FRAME = 512
_IDLE_TIME_OUT = 240_000


class AmqpConnection(asyncio.Protocol):
    """The server's end of a connection. What it writes is held until the server's turn ends."""

    def __init__(self, server: "Server") -> None:
        self.server = server
        self.authorized = False
        self.peer_max_frame = _MIN_FRAME
        self._reader = FrameReader()
        self._channels: dict[int, Channel] = {}
        self._unsent: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._heartbeat: asyncio.TimerHandle | None = None

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the server's connections."""
        self._transport = cast("asyncio.Transport", transport)
        self.server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give back what the peer held; message locks outside sessions stay until they run out."""
        self._transport = None
        self._unsent.clear()
        self.server.connections.discard(self)
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        for channel in self._channels.values():
            channel.end()
        self.server.wake()

    def data_received(self, data: bytes) -> None:
        """Take what the peer sends; a peer that breaks the protocol loses its connection."""
        try:
            for item in self._reader.feed(data):
                if self._transport is None or self._transport.is_closing():
                    return
                self._take(item)
        except (ProtocolError, DecodeError) as error:
            _log.warning("connection dropped: %s", error)
            self.drop()
        self.server.wake()

    # the server's side

    def write(
        self, channel: int, performative: Performative, payload: bytes = b"", kind: int = AMQP_KIND
    ) -> None:
        """Send a frame at the end of the server's turn."""
        self._queue(write_frame(channel, performative.encode() + payload, kind))
        if kind == AMQP_KIND and self.server.faults.count_frame():
            self.drop()

    def _queue(self, data: bytes) -> None:
        self._unsent.append(data)
        self.server.has_output(self)

    def flush(self) -> None:
        """Hand to the network what was written."""
        if self._unsent and self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(self._unsent))
        self._unsent.clear()

    def drop(self) -> None:
        """End the connection without a word; what was written and not flushed is lost."""
        self._unsent.clear()
        if self._transport is not None:
            self._transport.abort()

    # the peer's side

    def _take(self, item: bytes | Frame) -> None:
        if isinstance(item, bytes):
            self._on_header(item)
        elif item.body:
            performative, end = decode(item.body)
            self._on_performative(item.channel, read_performative(performative), item.body[end:])
            if item.kind == AMQP_KIND and self.server.faults.count_frame():
                self.drop()

    def _on_header(self, header: bytes) -> None:
        if header not in (SASL_HEADER, AMQP_HEADER):
            raise ProtocolError(f"protocol header {header!r}")
        self._queue(header)
        if header == SASL_HEADER:
            self.write(0, SaslMechanisms(_MECHANISMS), kind=SASL_KIND)

    def _on_performative(self, number: int, performative: Performative, payload: bytes) -> None:
        match performative:
            case SaslInit():
                self.write(0, SaslOutcome(0), kind=SASL_KIND)
                self._reader.expects_header = True
            case Open():
                self._on_open(performative)
            case Begin():
                self._on_begin(number, performative)
            case End():
                self._on_end(number)
            case Close():
                self._on_close()
            case _:
                channel = self._channels.get(number)
                if channel is not None:  # pyamqp sends detaches after the end
                    channel.take(performative, payload)

    def _on_open(self, peer: Open) -> None:
        self.peer_max_frame = max(_MIN_FRAME, min(peer.max_frame_size or MAX_FRAME, MAX_FRAME))
        self.write(
            0,
            Open("servicebus-simulator", max_frame_size=MAX_FRAME, idle_time_out=_IDLE_TIME_OUT),
        )
        if peer.idle_time_out:
            self._beat(peer.idle_time_out / 2000)

    def _beat(self, seconds: float) -> None:
        self._queue(write_frame(0, b""))
        self.server.wake()
        self._heartbeat = asyncio.get_running_loop().call_later(seconds, self._beat, seconds)

    def _on_begin(self, number: int, begin: Begin) -> None:
        if number in self._channels:
            raise ProtocolError(f"channel {number} is in use")
        self._channels[number] = Channel(self, number, begin)

    def _on_end(self, number: int) -> None:
        channel = self._channels.pop(number, None)
        if channel is not None:
            channel.end()
            self.write(number, End())

    def _on_close(self) -> None:
        self.write(0, Close())
        self.flush()
        if self._transport is not None:
            self._transport.close()
