"""What the SDK received, as the .NET extension would describe it."""

from datetime import datetime
from typing import Any

from azure.servicebus import ServiceBusReceivedMessage

from local.host.wire_service_bus import Message


def from_sdk(received: ServiceBusReceivedMessage) -> Message:
    """Return the message with what a function can see of it.

    The wire counts deliveries before this one, as this SDK shows them; .NET counts this one too.
    """
    known: dict[str, datetime | None] = {
        "enqueued_at": received.enqueued_time_utc,
        "expires_at": received.expires_at_utc,
    }
    return Message(
        body=_body(received),
        message_id=received.message_id or "",
        session_id=received.session_id,
        properties=_properties(received),
        delivery_count=(received.delivery_count or 0) + 1,
        sequence_number=received.sequence_number or 0,
        correlation_id=received.correlation_id,
        content_type=received.content_type,
        subject=received.subject,
        to=received.to,
        reply_to=received.reply_to,
        reply_to_session_id=received.reply_to_session_id,
        partition_key=received.partition_key,
        lock_token=str(received.lock_token),
        dead_letter_source=received.dead_letter_source,
        **{name: moment for name, moment in known.items() if moment},
    )


def _body(received: ServiceBusReceivedMessage) -> bytes:
    body: Any = received.body
    if isinstance(body, bytes):
        return body
    # AMQP data comes in sections; a value or sequence body is not what any sender of ours makes.
    return b"".join(part if isinstance(part, bytes) else str(part).encode() for part in body or ())


def _properties(received: ServiceBusReceivedMessage) -> dict[str, Any]:
    return {_text(k): _text(v) for k, v in (received.application_properties or {}).items()}


def _text(value: Any) -> Any:
    return value.decode(errors="replace") if isinstance(value, bytes) else value
