"""What is declared about a queue."""

from dataclasses import dataclass

MAX_MESSAGE_BYTES = 256 * 1024
"""Standard tier and emulator: 256 KB for a message or a batch (Azure docs: service-bus-quotas)."""


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """One queue; durations in milliseconds, None where the feature is off."""

    name: str
    lock_duration: int = 60_000
    max_delivery_count: int | None = 10
    requires_session: bool = False
    duplicate_window: int | None = None
    default_ttl: int | None = None
    dead_letters_expired: bool = False
    is_dead_letter: bool = False

    def for_dead_letters(self) -> "QueueSettings":
        """Return the settings of this queue's dead-letter queue: no sessions, no expiry."""
        return QueueSettings(
            name=f"{self.name}/$DeadLetterQueue",
            lock_duration=self.lock_duration,
            max_delivery_count=None,
            is_dead_letter=True,
        )
