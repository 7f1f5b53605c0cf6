"""The AMQP codec: values survive, and no bytes make it crash, hang or ask for memory."""

import struct
import uuid
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulators.servicebus.amqp import (
    Array,
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
    decode,
    encode,
    map_entries,
    section,
    skip,
    split_sections,
)
from simulators.servicebus.broker.errors import BrokerError
from simulators.servicebus.broker.message_format import (
    read_batch,
    read_message,
    write_stored,
)
from simulators.servicebus.engine.framing import Frame, FrameReader
from simulators.servicebus.engine.performatives import ProtocolError, read_performative

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 255).map(UByte),
    st.integers(0, 2**16 - 1).map(UShort),
    st.integers(0, 2**32 - 1).map(UInt),
    st.integers(0, 2**64 - 1).map(ULong),
    st.integers(-(2**31), 2**31 - 1).map(Int),
    st.integers(-(2**63), 2**63 - 1).map(Long),
    st.integers(0, 2**48).map(Timestamp),
    st.floats(allow_nan=False),
    st.text(max_size=300),
    st.text(alphabet="abc-:", max_size=20).map(Symbol),
    st.binary(max_size=300),
    st.uuids(),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@given(values)
def test_a_value_comes_back_with_its_type(value: Any) -> None:
    encoded = encode(value)

    decoded, end = decode(encoded)

    assert (decoded, type(decoded), end) == (value, type(value), len(encoded))
    assert encode(decoded) == encoded
    assert skip(encoded, 0) == len(encoded)


def test_an_array_and_a_described_value_are_written_again_as_they_were_read() -> None:
    array = encode(Array(uuid.UUID, [uuid.uuid4(), uuid.uuid4()]))
    described = encode(Described(ULong(0x28), ["queue", UInt(0), Array(Symbol, ["a", "b"])]))

    assert encode(decode(array)[0]) == array
    assert encode(decode(described)[0]) == described


@given(st.binary(max_size=200))
@example(b"\xf0\xff\xff\xff\xff\xff\xff\xff\xff\x40")  # four billion nulls
@example(b"\xf0\x00\x00\x00\x05\x7f\xff\xff\xff\x40")
@example(b"\xd0\xff\xff\xff\xff\xff\xff\xff\xff")
@example(b"\xd1\x00\x00\x00\x05\x00\x00\x00\x01\x40")  # a key without a value
@example(b"\xb0\xff\xff\xff\xff")
@example(b"\x00" * 5000)
@example(b"\xc0\x02\x01" * 5000)
@example(b"\xd1\x00\x00\x00\x06\x00\x00\x00\x02\x45\x45")  # a list as a key
@example(b"\x73\xff\xff\xff\xff")
@example(b"\xa1\x01\xff")
def test_any_bytes_are_a_value_or_an_error(data: bytes) -> None:
    for read in (decode, skip, map_entries):
        with suppress(DecodeError):
            read(data, 0)
    with suppress(DecodeError):
        list(split_sections(data))
    for read_messages in (read_message, read_batch):
        with suppress(BrokerError):
            read_messages(data)


@given(values, st.data())
def test_a_value_that_is_cut_short_or_damaged_is_an_error_or_another_value(
    value: Any, data: st.DataObject
) -> None:
    encoded = bytearray(encode([value, "end"]))
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(DecodeError):
        decode(bytes(encoded[:cut]))

    encoded[cut] = data.draw(st.integers(0, 255))
    with suppress(DecodeError):
        decode(bytes(encoded))


@given(st.integers(0, 0x50), values)
def test_any_performative_is_read_or_refused(code: int, value: Any) -> None:
    with suppress(ProtocolError):
        read_performative(Described(ULong(code), value))
    with suppress(ProtocolError):
        read_performative(Described(ULong(code), [value] * 3))


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1), st.integers(1, 20))
def test_frames_are_found_however_the_bytes_arrive(bodies: list[bytes], piece: int) -> None:
    reader = FrameReader()
    stream = b"AMQP\x00\x01\x00\x00" + b"".join(
        struct.pack(">IBBH", 8 + len(body), 2, 0, 7) + body for body in bodies
    )

    pieces = [stream[at : at + piece] for at in range(0, len(stream), piece)]
    header, *frames = [item for data in pieces for item in reader.feed(data)]

    assert header == stream[:8]
    assert frames == [Frame(0, 7, body) for body in bodies]


@pytest.mark.parametrize(
    "head", [b"\xff\xff\xff\xff\x02\x00\x00\x00", b"\x00\x00\x00\x08\x09\x00\x00\x00"]
)
def test_a_frame_of_impossible_size_ends_the_connection(head: bytes) -> None:
    reader = FrameReader()
    reader.expects_header = False

    with pytest.raises(ProtocolError):
        list(reader.feed(head))


def test_a_stored_message_is_read_as_it_was() -> None:
    message = read_message(
        section(0x72, {Symbol("x-opt-partition-key"): "k"})
        + section(0x73, ["id"])
        + section(0x75, b"x")
    )
    message.annotate({"DeadLetterReason": "bad", "kept": None})

    again = read_message(write_stored(message))

    assert (again.message_id, again.body, again.properties, again.annotations) == (
        message.message_id,
        message.body,
        message.properties,
        message.annotations,
    )
    assert again.application == message.application
