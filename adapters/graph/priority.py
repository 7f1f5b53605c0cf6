"""Who goes first when Graph throttles (Graph docs: throttling, `x-ms-throttle-priority`)."""

from collections.abc import Mapping
from enum import StrEnum


class Priority(StrEnum):
    """What Graph throttles first is `Low`; without the header a request is normal."""

    HIGH = "High"
    """A person waits for it."""
    NORMAL = ""
    LOW = "Low"
    """Bulk."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The header that says so."""
        return {"x-ms-throttle-priority": str(self)} if self else {}
