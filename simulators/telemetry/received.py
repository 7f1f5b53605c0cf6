"""What came in, as plain values, whichever way it came."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of work in a trace; moments in seconds since 1970."""

    name: str
    trace: str
    id: str
    parent: str
    """The id of the span it is part of, or empty."""
    began: float
    ended: float
    links: tuple[str, ...] = ()
    """Other traces that caused it."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    """What went wrong, if anything did."""
    scope: str = ""
    """Who told of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log."""

    text: str
    trace: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a metric; of a distribution its sum and how many it is of."""

    metric: str
    value: float
    count: int = 1
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Received:
    """Everything that came in, in order."""

    spans: list[Span] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    envelopes: list[dict[str, Any]] = field(default_factory=list)
    """Application Insights' own form, as sent."""

    def trace(self, id: str) -> dict[str, Span]:
        """Return the spans of a trace, by their ids."""
        return {span.id: span for span in self.spans if span.trace == id}

    def texts(self) -> Iterator[str]:
        """Yield everything that came in, as text, to look for what should not be there."""
        for kind in (self.spans, self.lines, self.points, self.envelopes):
            yield from map(repr, kind)
