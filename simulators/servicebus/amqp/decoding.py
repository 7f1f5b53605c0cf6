"""AMQP bytes to Python values.

Decoding walks one bytes object by index, so its cost is linear in its length. Every count and
size comes from a stranger: none may make it read past the end, loop longer than the input or
recurse without bound.
"""

import struct
import uuid
from collections.abc import Callable
from typing import Any

from simulators.servicebus.amqp.types import (
    DecodedArray,
    DecodeError,
    Described,
    Int,
    Long,
    Symbol,
    Timestamp,
    UByte,
    UInt,
    ULong,
    UShort,
)

type Decoder = Callable[[bytes, int], tuple[Any, int]]

_WIDTHS = {0x40: 0, 0x50: 1, 0x60: 2, 0x70: 4, 0x80: 8, 0x90: 16}
_UINT8 = struct.Struct(">B")
_UINT32 = struct.Struct(">I")


def decode(buffer: bytes, position: int = 0) -> tuple[Any, int]:
    """Return the value at `position` and the index just past it; DecodeError if there is none."""
    try:
        return _value(buffer, position)
    except DecodeError:
        raise
    except (LookupError, ValueError, TypeError, struct.error, RecursionError) as error:
        raise DecodeError(f"no AMQP value at byte {position}: {error!r}") from error


def skip(buffer: bytes, position: int) -> int:
    """Return the index just past the value at `position` without decoding it."""
    try:
        end = _skip(buffer, position)
    except (LookupError, struct.error) as error:
        raise DecodeError(f"no AMQP value at byte {position}: {error!r}") from error
    if end > len(buffer):
        raise DecodeError(f"the value at byte {position} is cut short")
    return end


def _skip(buffer: bytes, position: int) -> int:
    values = 1
    while values:
        code = buffer[position]
        position += 1
        if code == 0:
            values += 1  # a descriptor and the value it describes instead of one value
            continue
        values -= 1
        position += _length(code, buffer, position)
    return position


def _length(code: int, buffer: bytes, position: int) -> int:
    group = code & 0xF0
    if group in _WIDTHS:
        return _WIDTHS[group]
    if group in (0xA0, 0xC0, 0xE0):
        return 1 + buffer[position]
    if group in (0xB0, 0xD0, 0xF0):
        return 4 + int(_UINT32.unpack_from(buffer, position)[0])
    raise DecodeError(f"unknown constructor 0x{code:02x}")


def _value(buffer: bytes, position: int) -> tuple[Any, int]:
    return _DECODERS[buffer[position]](buffer, position + 1)


def _constant(value: Any) -> Decoder:
    return lambda _buffer, position: (value, position)


def _number(code: str, convert: Callable[[Any], Any] | None = None) -> Decoder:
    layout = struct.Struct(f">{code}")

    def plain(buffer: bytes, position: int) -> tuple[Any, int]:
        return layout.unpack_from(buffer, position)[0], position + layout.size

    if convert is None:
        return plain

    def converted(buffer: bytes, position: int) -> tuple[Any, int]:
        return convert(layout.unpack_from(buffer, position)[0]), position + layout.size

    return converted


def _sized(size: struct.Struct, convert: Callable[[bytes], Any]) -> Decoder:
    def decoder(buffer: bytes, position: int) -> tuple[Any, int]:
        start = position + size.size
        end = start + size.unpack_from(buffer, position)[0]
        if end > len(buffer):
            raise DecodeError(f"the value at byte {position} is cut short")
        return convert(buffer[start:end]), end

    return decoder


def _counted(size: struct.Struct, collect: Callable[[bytes, int, int], tuple[Any, int]]) -> Decoder:
    """A list, map or array: its size in bytes, its count of items, its items."""

    def decoder(buffer: bytes, position: int) -> tuple[Any, int]:
        first = position + size.size
        end = first + size.unpack_from(buffer, position)[0]
        count = size.unpack_from(buffer, first)[0]
        if end > len(buffer) or count > end - first:
            raise DecodeError(f"{count} items do not fit at byte {position}")
        value, stopped = collect(buffer, first + size.size, count)
        if stopped != end:
            raise DecodeError(f"the size of the value at byte {position} is wrong")
        return value, end

    return decoder


def _list_items(buffer: bytes, position: int, count: int) -> tuple[list[Any], int]:
    items = []
    for _ in range(count):
        item, position = _value(buffer, position)
        items.append(item)
    return items, position


def _map_items(buffer: bytes, position: int, count: int) -> tuple[dict[Any, Any], int]:
    items, position = _list_items(buffer, position, count)
    return dict(zip(items[::2], items[1::2], strict=True)), position


def _array(size: struct.Struct) -> Decoder:
    items_of = _counted(size, _array_items)

    def decoder(buffer: bytes, position: int) -> tuple[DecodedArray, int]:
        items, end = items_of(buffer, position)
        array = DecodedArray(items)
        array.encoded = buffer[position - 1 : end]
        return array, end

    return decoder


def _array_items(buffer: bytes, position: int, count: int) -> tuple[list[Any], int]:
    code, descriptor = buffer[position], None
    position += 1
    if code == 0:
        descriptor, position = _value(buffer, position)
        code = buffer[position]
        position += 1
    decoder, items = _DECODERS[code], []
    for _ in range(count):
        item, position = decoder(buffer, position)
        items.append(item if descriptor is None else Described(descriptor, item))
    return items, position


def _described(buffer: bytes, position: int) -> tuple[Described, int]:
    descriptor, position = _value(buffer, position)
    value, position = _value(buffer, position)
    return Described(descriptor, value), position


def _uuid(buffer: bytes, position: int) -> tuple[uuid.UUID, int]:
    return uuid.UUID(bytes=buffer[position : position + 16]), position + 16


def _empty_list(_buffer: bytes, position: int) -> tuple[list[Any], int]:
    return [], position


def _text(raw: bytes) -> str:
    return raw.decode("utf-8")


def _symbol(raw: bytes) -> Symbol:
    return Symbol(raw.decode("ascii"))


# AMQP 1.0 part 1, section 1.6: one constructor byte per encoding. Decimals (0x74, 0x84, 0x94) are
# left out: no Service Bus client sends one where a broker has to look.
_DECODERS: dict[int, Decoder] = {
    0x00: _described,
    0x40: _constant(None),
    0x41: _constant(True),
    0x42: _constant(False),
    0x43: _constant(UInt(0)),
    0x44: _constant(ULong(0)),
    0x45: _empty_list,
    0x50: _number("B", UByte),
    0x51: _number("b", Int),
    0x52: _number("B", UInt),
    0x53: _number("B", ULong),
    0x54: _number("b", Int),
    0x55: _number("b", Long),
    0x56: _number("B", bool),
    0x60: _number("H", UShort),
    0x61: _number("h", Int),
    0x70: _number("I", UInt),
    0x71: _number("i", Int),
    0x72: _number("f"),
    0x73: _number("I", chr),
    0x80: _number("Q", ULong),
    0x81: _number("q", Long),
    0x82: _number("d"),
    0x83: _number("q", Timestamp),
    0x98: _uuid,
    0xA0: _sized(_UINT8, bytes),
    0xA1: _sized(_UINT8, _text),
    0xA3: _sized(_UINT8, _symbol),
    0xB0: _sized(_UINT32, bytes),
    0xB1: _sized(_UINT32, _text),
    0xB3: _sized(_UINT32, _symbol),
    0xC0: _counted(_UINT8, _list_items),
    0xC1: _counted(_UINT8, _map_items),
    0xD0: _counted(_UINT32, _list_items),
    0xD1: _counted(_UINT32, _map_items),
    0xE0: _array(_UINT8),
    0xF0: _array(_UINT32),
}
