"""Service Bus messages as the .NET host puts them on the wire, with what it loses on the way.

What is lost is lost in Azure too: text that is not UTF-8, `locked_until` and other properties
nobody sends, and in a batch every empty body and every property that not all messages have (the
strings that are there move up, and land on the wrong message).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.host.protos import protos

type Wire = tuple[Any, dict[str, Any]]

# Binding-data names of the extension and the message's own; Subject and Label are one property.
_TEXTS = {
    "MessageId": "message_id",
    "SessionId": "session_id",
    "CorrelationId": "correlation_id",
    "ContentType": "content_type",
    "Subject": "subject",
    "Label": "subject",
    "To": "to",
    "ReplyTo": "reply_to",
    "ReplyToSessionId": "reply_to_session_id",
    "PartitionKey": "partition_key",
    "TransactionPartitionKey": "partition_key",
    "LockToken": "lock_token",
    "DeadLetterSource": "dead_letter_source",
}
_TIMES = {
    "EnqueuedTimeUtc": "enqueued_at",
    "EnqueuedTime": "enqueued_at",
    "ExpiresAtUtc": "expires_at",
    "ExpiresAt": "expires_at",
}
# The .NET DateTime that stands for "no such time".
_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Message:
    """A received message, as far as a function can see it. `delivery_count` is 1 the first time."""

    body: bytes = b""
    message_id: str = "message-1"
    session_id: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    delivery_count: int = 1
    sequence_number: int = 1
    correlation_id: str | None = None
    content_type: str | None = None
    subject: str | None = None
    to: str | None = None
    reply_to: str | None = None
    reply_to_session_id: str | None = None
    partition_key: str | None = None
    lock_token: str = "00000000-0000-0000-0000-000000000000"
    dead_letter_source: str | None = None
    enqueued_at: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    expires_at: datetime = _FOREVER


def service_bus_message(body: bytes | str, *, binary: bool = False, **known: Any) -> Wire:
    """Return the trigger data and metadata of a queue function with cardinality one.

    `known` is any other field of Message; `binary` is for a binding with data_type="binary".
    """
    content = body.encode() if isinstance(body, str) else body
    return one_message(Message(content, **known), binary=binary)


def service_bus_batch(messages: Sequence[Message], *, binary: bool = False) -> Wire:
    """Return the trigger data and metadata of a queue function with cardinality many."""
    metadata = {
        f"{name}Array": _texts([getattr(m, own) for m in messages]) for name, own in _TEXTS.items()
    }
    for name, own in _TIMES.items():
        metadata[f"{name}Array"] = _json([_iso(getattr(m, own)) for m in messages])
    numbers = protos.CollectionSInt64(sint64=[m.sequence_number for m in messages])
    metadata["SequenceNumberArray"] = protos.TypedData(collection_sint64=numbers)
    metadata["DeliveryCountArray"] = _json([m.delivery_count for m in messages])
    for name in ("ApplicationPropertiesArray", "UserPropertiesArray"):
        metadata[name] = _json([dict(m.properties) for m in messages])
    if binary:
        bodies = protos.CollectionBytes(bytes=[m.body for m in messages])
        return protos.TypedData(collection_bytes=bodies), metadata
    return _texts([_text(m.body) for m in messages]), metadata


def one_message(message: Message, *, binary: bool = False) -> Wire:
    """Return the trigger data and metadata of this message alone."""
    known = {name: getattr(message, own) for name, own in _TEXTS.items()}
    metadata = {name: protos.TypedData(string=v) for name, v in known.items() if v is not None}
    for name, own in _TIMES.items():
        metadata[name] = _json(_iso(getattr(message, own)))
    metadata["SequenceNumber"] = _json(message.sequence_number)
    metadata["DeliveryCount"] = _json(message.delivery_count)
    for name in ("ApplicationProperties", "UserProperties"):
        metadata[name] = _json(dict(message.properties))
    if binary:
        return protos.TypedData(bytes=message.body), metadata
    return protos.TypedData(string=_text(message.body)), metadata


def _text(body: bytes) -> str:
    return body.decode(errors="replace")


def _texts(values: Sequence[str | None]) -> Any:
    # The host leaves empty entries out unless the worker asks for them, and the Python worker does
    # not.
    texts = protos.CollectionString(string=[value for value in values if value])
    return protos.TypedData(collection_string=texts)


def _json(value: Any) -> Any:
    return protos.TypedData(json=json.dumps(value, default=str))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
