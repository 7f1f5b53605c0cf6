"""Bytes of a connection to frames and back (AMQP 1.0 part 2, section 2.3)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from simulators.servicebus.engine.performatives import ProtocolError

MAX_FRAME = 1 << 20
SASL_HEADER = b"AMQP\x03\x01\x00\x00"
AMQP_HEADER = b"AMQP\x00\x01\x00\x00"
AMQP_KIND, SASL_KIND = 0, 1

_HEADER = struct.Struct(">IBBH")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; an empty body is a heartbeat."""

    kind: int
    channel: int
    body: bytes


def write_frame(channel: int, body: bytes, kind: int = AMQP_KIND) -> bytes:
    """Return a frame with that body."""
    return _HEADER.pack(len(body) + 8, 2, kind, channel) + body


class FrameReader:
    """Cuts what arrives into protocol headers and frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.expects_header = True

    def feed(self, data: bytes) -> Iterator[bytes | Frame]:
        """Yield what has arrived in full; ProtocolError for what cannot be a frame."""
        self._buffer += data
        position = 0
        try:
            while (size := self._size_at(position)) is not None:
                item = self._item(position, size)
                position += size
                yield item
        finally:
            del self._buffer[:position]

    def _size_at(self, position: int) -> int | None:
        arrived = len(self._buffer) - position
        if arrived < 8:
            return None
        if self.expects_header:
            return 8
        size, offset, _, _ = _HEADER.unpack_from(self._buffer, position)
        if not 8 <= 4 * offset <= size <= MAX_FRAME:
            raise ProtocolError(f"a frame of {size} bytes whose body starts at {4 * offset}")
        return int(size) if arrived >= size else None

    def _item(self, position: int, size: int) -> bytes | Frame:
        if self.expects_header:
            self.expects_header = False
            return bytes(self._buffer[position : position + 8])
        _, offset, kind, channel = _HEADER.unpack_from(self._buffer, position)
        return Frame(kind, channel, bytes(self._buffer[position + 4 * offset : position + size]))
