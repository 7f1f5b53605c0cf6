"""The clock of the person at the keyboard."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the moment it is, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - a command begins when it is typed
