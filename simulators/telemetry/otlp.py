"""OTLP over HTTP with protobuf bodies, read.

Source: OpenTelemetry protocol specification; the messages are the published ones.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from simulators.telemetry.received import Line, Point, Span

_ERROR = 2
"""Status code of a span that failed."""
_NANO = 1e-9


def read_spans(body: bytes) -> Iterator[Span]:
    """Yield the spans in a body of /v1/traces."""
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                failed = span.status.code == _ERROR
                yield Span(
                    name=span.name,
                    trace=span.trace_id.hex(),
                    id=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    began=span.start_time_unix_nano * _NANO,
                    ended=span.end_time_unix_nano * _NANO,
                    links=tuple(link.trace_id.hex() for link in span.links),
                    attributes=_plain(span.attributes),
                    error=(span.status.message or "failed") if failed else "",
                    scope=scope.scope.name,
                )


def read_lines(body: bytes) -> Iterator[Line]:
    """Yield the log records in a body of /v1/logs."""
    for resource in ExportLogsServiceRequest.FromString(body).resource_logs:
        for scope in resource.scope_logs:
            for record in scope.log_records:
                yield Line(
                    text=str(_value(record.body)),
                    trace=record.trace_id.hex(),
                    attributes=_plain(record.attributes),
                    severity=record.severity_text,
                )


def read_points(body: bytes) -> Iterator[Point]:
    """Yield the values in a body of /v1/metrics."""
    for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                yield from _points(metric)


def _points(metric: Metric) -> Iterator[Point]:
    for each in (*metric.sum.data_points, *metric.gauge.data_points):
        value = each.as_double if each.HasField("as_double") else float(each.as_int)
        yield Point(metric.name, value, attributes=_plain(each.attributes))
    for many in metric.histogram.data_points:
        yield Point(metric.name, many.sum, many.count, _plain(many.attributes))


def _plain(attributes: Iterable[KeyValue]) -> dict[str, Any]:
    return {each.key: _value(each.value) for each in attributes}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    return getattr(value, kind) if kind else None
