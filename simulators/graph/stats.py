"""What was asked and what it cost, for those who measure clients."""

from collections import Counter
from dataclasses import dataclass, field

from simulators.graph.throttle import Cost
from simulators.graph.wire import JsonObject

TOO_MANY = 429
FIRST_ERROR = 400


@dataclass(slots=True)
class Stats:
    """Counts since the last reset; a `$batch` is one request, its items are sub-requests."""

    requests: int = 0
    sub_requests: int = 0
    resource_units: int = 0
    writes: int = 0
    throttled: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def count(self, operation: str, cost: Cost, status: int, *, batched: bool) -> None:
        """Count one request or sub-request."""
        if batched:
            self.sub_requests += 1
        else:
            self.requests += 1
        self.operations[operation] += 1
        self.resource_units += cost.resource_units
        self.writes += cost.writes
        self.throttled += status == TOO_MANY
        if status >= FIRST_ERROR:
            self.errors[str(status)] += 1

    def document(self) -> JsonObject:
        """Return the counts as JSON."""
        return {
            "requests": self.requests,
            "sub_requests": self.sub_requests,
            "resource_units": self.resource_units,
            "writes": self.writes,
            "throttled": self.throttled,
            "operations": dict(self.operations),
            "errors": dict(self.errors),
        }
