"""Telemetry that remembers."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from domain.telemetry.metric import Metric
from domain.telemetry.work import Work


@dataclass(slots=True)
class Span:
    """A piece of work that was done, or is being done."""

    what: Work
    trace: str
    id: str
    parent: str
    ids: dict[str, str]
    links: list[str] = field(default_factory=list)


class FakeTelemetry:
    """The Telemetry port; `measured` has every value, `spans` every piece of work, in order."""

    def __init__(self) -> None:
        self.measured: list[tuple[Metric, float, dict[str, str]]] = []
        self.spans: list[Span] = []
        self._here: ContextVar[Span | None] = ContextVar("here", default=None)

    def __deepcopy__(self, memo: dict[int, Any]) -> "FakeTelemetry":
        """Return one that remembers the same; nothing is being done there."""
        copied = FakeTelemetry()
        copied.measured, copied.spans = deepcopy((self.measured, self.spans), memo)
        return copied

    def measure(self, metric: Metric, value: float, **dimensions: str) -> None:
        self.measured.append((metric, value, dict(metric.labels(dimensions))))

    @contextmanager
    def work(self, what: Work, cause: str = "", **ids: str) -> Iterator[None]:
        span = self._begun(what, cause, ids)
        self.spans.append(span)
        token = self._here.set(span)
        try:
            yield
        finally:
            self._here.reset(token)

    def also(self, causes: Iterable[str]) -> None:
        here = self._here.get()
        if here is not None:
            others = [_trace(cause) for cause in causes]
            here.links += [each for each in dict.fromkeys(others) if each not in ("", here.trace)]

    def trace(self) -> str:
        here = self._here.get()
        return f"00-{here.trace}-{here.id}-01" if here else ""

    def values(self, metric: Metric, **dimensions: str) -> list[float]:
        """Return the values of a metric, of any series that has these dimensions."""
        return [
            value
            for of, value, given in self.measured
            if of is metric and dimensions.items() <= given.items()
        ]

    def _begun(self, what: Work, cause: str, ids: dict[str, str]) -> Span:
        number = len(self.spans) + 1
        here, own = self._here.get(), f"{number:016x}"
        if _trace(cause) and (here is None or here.trace != _trace(cause)):
            links = [here.trace] if here else []
            return Span(what, _trace(cause), own, cause.split("-")[2], ids, links)
        if here is not None:
            return Span(what, here.trace, own, here.id, ids)
        return Span(what, f"{number:032x}", own, "", ids)


def _trace(cause: str) -> str:
    found = re.fullmatch(r"00-([0-9a-f]{32})-[0-9a-f]{16}-01", cause)
    return found[1] if found and int(found[1], 16) else ""
