"""Python values to AMQP bytes, each in its shortest encoding."""

import struct
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from simulators.servicebus.amqp.types import (
    Array,
    DecodedArray,
    Described,
    Encoded,
    Int,
    Long,
    Symbol,
    Timestamp,
    UByte,
    UInt,
    ULong,
    UShort,
)

_UINT8, _UINT16, _UINT32, _UINT64 = (struct.Struct(f">{code}") for code in "BHIQ")
_INT8, _INT32, _INT64 = (struct.Struct(f">{code}") for code in "biq")
_DOUBLE = struct.Struct(">d")


def encode(value: Any) -> bytes:
    """Return `value` as AMQP bytes; plain int is written as a long. KeyError for other types."""
    return _ENCODERS[type(value)](value)


def section(code: int, value: Any) -> bytes:
    """Return a described value whose descriptor is the small ulong `code`."""
    return bytes((0x00, 0x53, code)) + encode(value)


def encode_map_of(entries: Iterable[bytes]) -> Encoded:
    """Return a map made of entries that are encoded already, key and value in one."""
    encoded = list(entries)
    return Encoded(_compound(0xC1, 0xD1, 2 * len(encoded), b"".join(encoded)))


def _compound(small: int, large: int, count: int, body: bytes) -> bytes:
    size = len(body)
    if size < 255 and count < 256:
        return bytes((small, size + 1, count)) + body
    return bytes((large,)) + _UINT32.pack(size + 4) + _UINT32.pack(count) + body


def _sized(small: int, large: int, raw: bytes) -> bytes:
    size = len(raw)
    return (bytes((small, size)) if size < 256 else bytes((large,)) + _UINT32.pack(size)) + raw


def _unsigned(zero: int, small: int, large: int, layout: struct.Struct) -> Callable[[int], bytes]:
    def encoder(value: int) -> bytes:
        if value == 0:
            return bytes((zero,))
        if value < 256:
            return bytes((small, value))
        return bytes((large,)) + layout.pack(value)

    return encoder


def _signed(small: int, large: int, layout: struct.Struct) -> Callable[[int], bytes]:
    def encoder(value: int) -> bytes:
        if -128 <= value < 128:
            return bytes((small,)) + _INT8.pack(value)
        return bytes((large,)) + layout.pack(value)

    return encoder


def _text_item(text: str) -> bytes:
    raw = text.encode()
    return _UINT32.pack(len(raw)) + raw


_ARRAY_ITEMS: dict[type, tuple[int, Callable[[Any], bytes]]] = {
    Long: (0x81, _INT64.pack),
    Timestamp: (0x83, _INT64.pack),
    uuid.UUID: (0x98, lambda item: item.bytes),
    str: (0xB1, _text_item),
    Symbol: (0xB3, _text_item),
}


def _array(array: Array) -> bytes:
    code, item = _ARRAY_ITEMS[array.kind]
    body = bytes((code,)) + b"".join(item(value) for value in array.items)
    return b"\xf0" + _UINT32.pack(len(body) + 4) + _UINT32.pack(len(array.items)) + body


def _list(items: list[Any]) -> bytes:
    return _compound(0xC0, 0xD0, len(items), b"".join(map(encode, items))) if items else b"\x45"


_ENCODERS: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda _: b"\x40",
    bool: lambda value: b"\x41" if value else b"\x42",
    str: lambda value: _sized(0xA1, 0xB1, value.encode()),
    Symbol: lambda value: _sized(0xA3, 0xB3, value.encode("ascii")),
    bytes: lambda value: _sized(0xA0, 0xB0, value),
    Encoded: bytes,
    uuid.UUID: lambda value: b"\x98" + value.bytes,
    Timestamp: lambda value: b"\x83" + _INT64.pack(value),
    UByte: lambda value: b"\x50" + _UINT8.pack(value),
    UShort: lambda value: b"\x60" + _UINT16.pack(value),
    UInt: _unsigned(0x43, 0x52, 0x70, _UINT32),
    ULong: _unsigned(0x44, 0x53, 0x80, _UINT64),
    Int: _signed(0x54, 0x71, _INT32),
    Long: _signed(0x55, 0x81, _INT64),
    int: _signed(0x55, 0x81, _INT64),
    float: lambda value: b"\x82" + _DOUBLE.pack(value),
    list: _list,
    dict: lambda value: encode_map_of(encode(key) + encode(item) for key, item in value.items()),
    Array: _array,
    DecodedArray: lambda value: value.encoded,
    Described: lambda value: b"\x00" + encode(value.descriptor) + encode(value.value),
}
