"""Telemetry to try, in memory, and what it told: the fake's and that of the real adapter."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter
from opentelemetry.sdk.metrics.export import (
    HistogramDataPoint,
    MetricExporter,
    MetricExportResult,
    MetricsData,
    NumberDataPoint,
)
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from adapters.telemetry.destinations import Destination
from adapters.telemetry.opentelemetry import OpenTelemetry
from domain.ports import Telemetry
from domain.telemetry.metric import Metric, Sort
from tests.fakes.telemetry import FakeTelemetry

type Sums = dict[tuple[str, ...], float]
"""The values of the dimensions -> what the values come to."""


@dataclass(frozen=True)
class Done:
    """A piece of work, as whoever reads traces sees it."""

    what: str
    trace: str
    id: str
    parent: str
    links: tuple[str, ...]
    ids: dict[str, object]


class TelemetryBench(Protocol):
    """A Telemetry to try, and what it told until now; ask once, in the end."""

    telemetry: Telemetry

    def done(self) -> dict[str, Done]: ...

    def sums(self, metric: Metric) -> Sums: ...


class FakeBench:
    """The fake."""

    def __init__(self) -> None:
        self._fake = FakeTelemetry()
        self.telemetry: Telemetry = self._fake

    def done(self) -> dict[str, Done]:
        return {
            one.what: Done(one.what, one.trace, one.id, one.parent, tuple(one.links), {**one.ids})
            for one in self._fake.spans
        }

    def sums(self, metric: Metric) -> Sums:
        found: Sums = {}
        for of, value, given in self._fake.measured:
            if of is metric:
                key = tuple(given[name] for name in metric.dimensions)
                found[key] = value if metric.sort is Sort.LEVEL else found.get(key, 0) + value
        return found


class MemoryBench:
    """The real adapter, sending to exporters that remember."""

    def __init__(self) -> None:
        self.spans = InMemorySpanExporter()
        self.metrics = _Remembers()
        self.logs = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        there = Destination(lambda: self.spans, lambda: self.metrics, lambda: self.logs)
        self.real = OpenTelemetry([there])
        self.telemetry: Telemetry = self.real

    def lines(self) -> list[ReadableLogRecord]:
        """Return the log lines."""
        self.real.close()
        return list(self.logs.get_finished_logs())

    def finished(self) -> list[ReadableSpan]:
        """Return the spans, in the order in which they ended."""
        self.real.close()
        return list(self.spans.get_finished_spans())

    def done(self) -> dict[str, Done]:
        return {span.name: _done(span) for span in self.finished()}

    def sums(self, metric: Metric) -> Sums:
        self.real.close()
        found: Sums = {}
        for labels, point in self.metrics.points(metric.name):
            key = tuple(str(labels[name]) for name in metric.dimensions)
            value = point.sum if isinstance(point, HistogramDataPoint) else point.value
            found[key] = value if metric.sort is Sort.LEVEL else found.get(key, 0) + value
        return found


class _Remembers(MetricExporter):
    def __init__(self) -> None:
        super().__init__()
        self._told: list[MetricsData] = []

    def export(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: object
    ) -> MetricExportResult:
        self._told.append(metrics_data)
        return MetricExportResult.SUCCESS

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return True

    def shutdown(self, timeout_millis: float = 30_000, **kwargs: object) -> None:
        return None

    def points(
        self, name: str
    ) -> Iterator[tuple[dict[str, object], NumberDataPoint | HistogramDataPoint]]:
        for told in self._told:
            for resource in told.resource_metrics:
                for scope in resource.scope_metrics:
                    for metric in scope.metrics:
                        if metric.name == name:
                            for point in metric.data.data_points:
                                assert isinstance(point, NumberDataPoint | HistogramDataPoint)
                                yield dict(point.attributes or {}), point


def _done(span: ReadableSpan) -> Done:
    context = span.get_span_context()
    assert context is not None
    return Done(
        what=span.name,
        trace=f"{context.trace_id:032x}",
        id=f"{context.span_id:016x}",
        parent=f"{span.parent.span_id:016x}" if span.parent else "",
        links=tuple(f"{one.context.trace_id:032x}" for one in span.links),
        ids=dict(span.attributes or {}),
    )
