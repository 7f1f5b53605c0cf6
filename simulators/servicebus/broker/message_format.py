"""A message's bytes: read what a sender wrote, write what a receiver needs.

Only what the broker acts on is decoded; properties, application properties and body are relayed
as the sender encoded them. Section codes: AMQP 1.0 part 3, section 3.2.
"""

from typing import Any

from simulators.servicebus import amqp
from simulators.servicebus.broker.errors import too_large, undecodable
from simulators.servicebus.broker.message import Message
from simulators.servicebus.broker.settings import MAX_MESSAGE_BYTES

HEADER, ANNOTATIONS, PROPERTIES, APPLICATION = 0x70, 0x72, 0x73, 0x74
DATA, SEQUENCE, VALUE = 0x75, 0x76, 0x77

_SCHEDULED = "x-opt-scheduled-enqueue-time"
_BROKER_OWNED = {
    "x-opt-sequence-number",
    "x-opt-enqueued-time",
    "x-opt-locked-until",
    "x-opt-lock-token",
    "x-opt-message-state",
    "x-opt-enqueue-sequence-number",
}


def read_message(raw: bytes) -> Message:
    """Return the message in `raw`; BrokerError when there is none or it is too large."""
    _check_size(raw)
    try:
        return _read(raw)
    except (amqp.DecodeError, TypeError) as error:
        raise undecodable(f"The message cannot be decoded: {error}") from error


def read_batch(raw: bytes) -> list[Message]:
    """Return the messages in a batch: one data section holds one encoded message."""
    _check_size(raw)
    try:
        inner = [
            amqp.decode(raw, start)[0]
            for code, _, start, _ in amqp.split_sections(raw)
            if code == DATA
        ]
    except amqp.DecodeError as error:
        raise undecodable(f"The batch cannot be decoded: {error}") from error
    return [read_message(message) for message in inner]


def _check_size(raw: bytes) -> None:
    if len(raw) > MAX_MESSAGE_BYTES:
        raise too_large(len(raw), MAX_MESSAGE_BYTES)


def _read(raw: bytes) -> Message:
    message = Message()
    for code, section, start, end in amqp.split_sections(raw):
        if code == HEADER:
            _read_header(message, amqp.decode(raw, start)[0])
        elif code == ANNOTATIONS:
            _read_annotations(message, raw, start)
        elif code == PROPERTIES:
            _read_properties(message, amqp.decode(raw, start)[0])
            message.properties = raw[section:end]
        elif code == APPLICATION:
            amqp.map_entries(raw, start)
            message.application = raw[start:end]
        elif code in (DATA, SEQUENCE, VALUE):
            message.body = raw[section:]
            break
    return message


def _read_header(message: Message, header: list[Any]) -> None:
    durable, priority, ttl = [*header, None, None, None][:3]
    if not isinstance(ttl, int | None) or not isinstance(priority, int | None):
        raise TypeError("priority and ttl of the header are numbers")
    message.durable, message.priority, message.ttl = bool(durable), priority, ttl


def _read_annotations(message: Message, raw: bytes, start: int) -> None:
    entries = amqp.map_entries(raw, start)
    scheduled = entries.get(_SCHEDULED)
    if scheduled is not None:
        value = amqp.decode(scheduled, amqp.skip(scheduled, 0))[0]
        if not isinstance(value, int):
            raise TypeError(f"{_SCHEDULED} is a timestamp")
        message.scheduled_for = value
    message.annotations = {key: entry for key, entry in entries.items() if key not in _BROKER_OWNED}


def _read_properties(message: Message, properties: list[Any]) -> None:
    message_id, *rest = [*properties, *[None] * 11][:11]
    group_id = rest[9]
    if not isinstance(group_id, str | None):
        raise TypeError("group-id is a string")
    message.message_id, message.session_id = message_id, group_id


def write_stored(message: Message) -> bytes:
    """Return what the sender said, for `read_stored` to read again after a restart."""
    return _write(message, message.annotations.values())


def read_stored(raw: bytes) -> Message:
    """Return a stored message; dead-lettering may have taken it over the limit for senders."""
    return _read(raw)


def write_delivery(message: Message, locked_until: int | None = None) -> bytes:
    """Return the message as a receiver gets it, with the broker's annotations.

    The annotation names are those azure-servicebus 7.15 reads; delivery-count is written even when
    0, since .NET clients take an absent one for a fault.
    """
    added = {
        "x-opt-enqueued-time": amqp.Timestamp(message.enqueued_at),
        "x-opt-sequence-number": amqp.Long(message.sequence),
        "x-opt-locked-until": None if locked_until is None else amqp.Timestamp(locked_until),
        "x-opt-enqueue-sequence-number": message.enqueued_sequence,
        "x-opt-message-state": amqp.Int(message.state) if message.state else None,
    }
    entries = [
        amqp.encode(amqp.Symbol(key)) + amqp.encode(value)
        for key, value in added.items()
        if value is not None
    ]
    return _write(message, [*entries, *message.annotations.values()])


def _write(message: Message, annotations: Any) -> bytes:
    header = [
        message.durable,
        None if message.priority is None else amqp.UByte(message.priority),
        None if message.ttl is None else amqp.UInt(message.ttl),
        None,
        amqp.UInt(message.delivery_count),
    ]
    application = amqp.section(APPLICATION, amqp.Encoded(message.application))
    return b"".join(
        (
            amqp.section(HEADER, header),
            amqp.section(ANNOTATIONS, amqp.encode_map_of(annotations)),
            message.properties,
            application if message.application else b"",
            message.body,
        )
    )
