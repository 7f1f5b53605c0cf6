"""Python types for the AMQP types that Python has no own word for.

Decoding gives the same types that encoding takes, so what is only passed on keeps its type.
"""

from dataclasses import dataclass
from typing import Any


class Symbol(str):
    """An AMQP symbol: ASCII, from a constrained set."""

    __slots__ = ()


class Timestamp(int):
    """Milliseconds since the Unix epoch."""


class UByte(int):
    """8 bits, unsigned."""


class UShort(int):
    """16 bits, unsigned."""


class UInt(int):
    """32 bits, unsigned."""


class ULong(int):
    """64 bits, unsigned."""


class Int(int):
    """32 bits, signed."""


class Long(int):
    """64 bits, signed."""


class Encoded(bytes):
    """A value that is already encoded: relayed with the type its sender gave it."""


@dataclass(slots=True, eq=False)
class Described:
    """A value with a descriptor that says what it means."""

    descriptor: Any
    value: Any


@dataclass(slots=True, eq=False)
class Array:
    """Items of one type; `kind` is Long, Timestamp, Symbol, str or UUID."""

    kind: type
    items: list[Any]


class DecodedArray(list[Any]):
    """The items of an array that was read, and its own bytes for writing it again."""

    encoded = b"\x40"


class DecodeError(ValueError):
    """The bytes are not an AMQP value."""
