"""One message as a queue holds it: what the sender said, still encoded, and the queue's part."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from simulators.servicebus import amqp
from simulators.servicebus.broker.clock import NEVER

if TYPE_CHECKING:
    from simulators.servicebus.broker.locks import Lock


class State(IntEnum):
    """Values of the annotation x-opt-message-state."""

    ACTIVE = 0
    DEFERRED = 1
    SCHEDULED = 2


@dataclass(slots=True, eq=False)
class Message:
    """A message; times in milliseconds since the epoch, `ttl` in milliseconds.

    `properties` is the whole encoded section, `application` the encoded map, `body` every section
    from the first body section on; an absent one is empty.
    """

    durable: bool | None = None
    priority: int | None = None
    ttl: int | None = None
    message_id: Any = None
    session_id: str | None = None
    scheduled_for: int | None = None
    annotations: dict[str, bytes] = field(default_factory=dict)
    properties: bytes = b""
    application: bytes = b""
    body: bytes = b""

    sequence: int = 0
    enqueued_at: int = 0
    enqueued_sequence: int | None = None
    delivery_count: int = 0
    state: State = State.ACTIVE
    expires_at: int = NEVER
    lock: "Lock | None" = None
    gone: bool = False

    def is_ready(self) -> bool:
        """Whether a receiver may be given the message."""
        return self.state is State.ACTIVE and self.lock is None and not self.gone

    def annotate(self, values: dict[str, Any]) -> None:
        """Set application properties; None leaves the property as it is."""
        entries = amqp.map_entries(self.application) if self.application else {}
        for key, value in values.items():
            if value is not None:
                entries[key] = amqp.encode(key) + amqp.encode(value)
        self.application = amqp.encode_map_of(entries.values())
