"""Exporters that are built when there is something to send, by the thread that sends it.

Application Insights' exporter takes longer to import than everything else here together, and the
work that is told of must not wait for that: a webhook has three seconds.
"""

from collections.abc import Callable, Sequence
from functools import cached_property

from opentelemetry.sdk import metrics
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    MetricExporter,
    MetricExportResult,
    MetricsData,
)
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

_SINCE_LAST_TIME: dict[type, AggregationTemporality] = {
    metrics.Counter: AggregationTemporality.DELTA,
    metrics.Histogram: AggregationTemporality.DELTA,
    metrics._Gauge: AggregationTemporality.DELTA,
}
"""Each time only what is new, so that sums over instances and restarts are right, and nobody
repeats for ever how something stood once."""


class LateSpans(SpanExporter):
    """Spans go to what `build` returns."""

    def __init__(self, build: Callable[[], SpanExporter]) -> None:
        self._build = build

    @cached_property
    def _built(self) -> SpanExporter:
        return self._build()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send them."""
        return self._built.export(spans)

    def shutdown(self) -> None:
        """Close what was built."""
        if "_built" in self.__dict__:
            self._built.shutdown()


class LateMetrics(MetricExporter):
    """Metrics go to what `build` returns."""

    def __init__(self, build: Callable[[], MetricExporter]) -> None:
        super().__init__(preferred_temporality=_SINCE_LAST_TIME)
        self._build = build

    @cached_property
    def _built(self) -> MetricExporter:
        return self._build()

    def export(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: object
    ) -> MetricExportResult:
        """Send them."""
        return self._built.export(metrics_data, timeout_millis, **kwargs)

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        """Say that nothing is kept back here."""
        return True

    def shutdown(self, timeout_millis: float = 30_000, **kwargs: object) -> None:
        """Close what was built."""
        if "_built" in self.__dict__:
            self._built.shutdown(timeout_millis, **kwargs)


class LateLogs(LogRecordExporter):
    """Log records go to what `build` returns."""

    def __init__(self, build: Callable[[], LogRecordExporter]) -> None:
        self._build = build

    @cached_property
    def _built(self) -> LogRecordExporter:
        return self._build()

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        """Send them."""
        return self._built.export(batch)

    def shutdown(self) -> None:
        """Close what was built."""
        if "_built" in self.__dict__:
            self._built.shutdown()  # type: ignore[no-untyped-call]

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Say that nothing is kept back here."""
        return True
