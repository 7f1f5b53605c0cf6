"""What work costs: a request to Graph goes on the bills of all the work that it is part of."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from domain.telemetry.metric import Metric
from domain.telemetry.metrics import GRAPH_REQUESTS, GRAPH_UNITS


@dataclass(slots=True)
class Bill:
    """What one piece of work has cost so far, with what is done for it at the same time."""

    requests: float = 0.0
    units: float = 0.0

    def put(self, metric: Metric, value: float) -> None:
        """Add a value, if it is of something that costs."""
        if metric is GRAPH_REQUESTS:
            self.requests += value
        elif metric is GRAPH_UNITS:
            self.units += value


_open: ContextVar[tuple[Bill, ...]] = ContextVar("bills", default=())


@contextmanager
def bill() -> Iterator[Bill]:
    """Open a bill for what is done within; tasks that begin within it count, too."""
    made = Bill()
    token = _open.set((*_open.get(), made))
    try:
        yield made
    finally:
        _open.reset(token)


def charge(metric: Metric, value: float) -> None:
    """Put a value on every open bill."""
    for each in _open.get():
        each.put(metric, value)
