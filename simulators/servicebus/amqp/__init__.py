"""The AMQP 1.0 type system: values to bytes and back, and the sections of an encoded message."""

from simulators.servicebus.amqp.decoding import decode, skip
from simulators.servicebus.amqp.encoding import encode, encode_map_of, section
from simulators.servicebus.amqp.sections import map_entries, raw_items, split_sections
from simulators.servicebus.amqp.types import (
    Array,
    DecodeError,
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

__all__ = [
    "Array",
    "DecodeError",
    "Described",
    "Encoded",
    "Int",
    "Long",
    "Symbol",
    "Timestamp",
    "UByte",
    "UInt",
    "ULong",
    "UShort",
    "decode",
    "encode",
    "encode_map_of",
    "map_entries",
    "raw_items",
    "section",
    "skip",
    "split_sections",
]
