"""Where jobs tell what they measured, and which piece of work everything they do is part of."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from domain.telemetry.metric import Metric
from domain.telemetry.work import Work


class Telemetry(Protocol):
    """Metrics and traces. A *trace* travels as text, a W3C `traceparent`, through queues and
    tables; the empty text is none."""

    def measure(self, metric: Metric, value: float, **dimensions: str) -> None:
        """Tell one value.

        Raises:
            ValueError: the metric has other dimensions.
        """
        ...

    def work(self, what: Work, cause: str = "", **ids: str) -> AbstractContextManager[None]:
        """Do a piece of work; what it takes is measured when it ends.

        Args:
            what: its name.
            cause: the trace of what caused it, which it goes on with. Without one it is part of
                what this process is doing already, or begins a trace.
            ids: of run, plan, bundle, page or target.
        """
        ...

    def also(self, causes: Iterable[str]) -> None:
        """Say that these traces caused the present work as well."""
        ...

    def trace(self) -> str:
        """Return the trace of the present work, for whoever goes on with it."""
        ...


class Silence:
    """Tells nobody anything."""

    def measure(self, metric: Metric, value: float, **dimensions: str) -> None:
        """Drop it."""

    def work(self, what: Work, cause: str = "", **ids: str) -> AbstractContextManager[None]:
        """Let it be done."""
        return nullcontext()

    def also(self, causes: Iterable[str]) -> None:
        """Drop it."""

    def trace(self) -> str:
        """Return none."""
        return ""
