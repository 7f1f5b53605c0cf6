"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """The Clock port; starts on a Monday at noon."""

    def __init__(self, now: datetime = datetime(2026, 11, 2, 12, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> datetime:
        """Let time pass and return the new moment."""
        self._now += timedelta(seconds=seconds)
        return self._now
