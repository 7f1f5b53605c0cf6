"""A metric: something that is measured, with everything a reader has to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """How the values of a metric come together."""

    COUNT = "count"
    """They add up: what happened since the last time it was told."""
    LEVEL = "level"
    """The last one counts: how something stands."""
    SPREAD = "spread"
    """Each is one of many: what matters is how many, how much in all, the least and the most."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing that is measured."""

    name: str
    sort: Sort
    unit: str
    """UCUM, as OpenTelemetry has it; what is counted stands in braces."""
    says: str
    """What it says, as the documentation has it."""
    dimensions: tuple[str, ...] = ()
    """What tells its series apart. Never a person: the history has her, and so has the log."""

    def labels(self, given: Mapping[str, str]) -> Mapping[str, str]:
        """Return the dimensions of one value.

        Raises:
            ValueError: a dimension is missing, or the metric has no such dimension.
        """
        if set(given) != set(self.dimensions):
            raise ValueError(f"{self.name} has the dimensions {self.dimensions}, not {list(given)}")
        return given
