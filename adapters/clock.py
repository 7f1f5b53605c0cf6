"""The system's clock: the one place that asks what time it is."""

from datetime import UTC, datetime


class SystemClock:
    """The time of the machine this runs on."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the Clock everyone else takes
