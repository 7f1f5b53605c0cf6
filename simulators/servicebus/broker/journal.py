"""What the broker asks of whoever makes it survive a restart."""

from dataclasses import dataclass, field
from typing import Protocol

from simulators.servicebus.broker.message import Message


@dataclass(slots=True)
class Remembered:
    """What a queue was when the simulator stopped."""

    next_sequence: int = 1
    messages: list[Message] = field(default_factory=list)
    sessions: dict[str, bytes] = field(default_factory=dict)
    """Session states by session id."""
    seen: dict[str, int] = field(default_factory=dict)
    """Duplicate-detection keys, and until when they count."""


class Journal(Protocol):
    """Takes note of each lasting change at once and makes all of them durable on commit.

    Locks are not noted: after a restart nobody holds anything.
    """

    def keep_message(self, queue: str, message: Message) -> None:
        """The message is new in the queue or has changed."""

    def drop_message(self, queue: str, sequence: int) -> None:
        """The queue has the message no more."""

    def keep_next_sequence(self, queue: str, sequence: int) -> None:
        """The queue gives out this sequence number next."""

    def keep_session_state(self, queue: str, session_id: str, state: bytes | None) -> None:
        """The session has this state, or none any more."""

    def keep_seen(self, queue: str, key: str, until: int | None) -> None:
        """The message id counts as seen until then, or no longer."""

    def keep_clock(self, ahead_ms: int) -> None:
        """The clock runs ahead by so much."""

    def commit(self) -> None:
        """Return when every change noted so far is durable."""


class NoJournal:
    """Remembers nothing: a namespace that is empty at each start."""

    def keep_message(self, queue: str, message: Message) -> None:
        """Forget."""

    def drop_message(self, queue: str, sequence: int) -> None:
        """Forget."""

    def keep_next_sequence(self, queue: str, sequence: int) -> None:
        """Forget."""

    def keep_session_state(self, queue: str, session_id: str, state: bytes | None) -> None:
        """Forget."""

    def keep_seen(self, queue: str, key: str, until: int | None) -> None:
        """Forget."""

    def keep_clock(self, ahead_ms: int) -> None:
        """Forget."""

    def commit(self) -> None:
        """There is nothing to do."""
