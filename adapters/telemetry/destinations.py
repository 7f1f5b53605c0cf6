"""Where telemetry goes, by the settings: the exporters of each destination."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk._logs.export import LogRecordExporter
    from opentelemetry.sdk.metrics.export import MetricExporter
    from opentelemetry.sdk.trace.export import SpanExporter


@dataclass(frozen=True, slots=True)
class Destination:
    """What builds the exporters of one destination."""

    spans: "Callable[[], SpanExporter]"
    metrics: "Callable[[], MetricExporter]"
    logs: "Callable[[], LogRecordExporter]"


def destinations(settings: Settings) -> Iterator[Destination]:
    """Yield the destinations that the settings name."""
    if settings.insights:
        yield _insights(settings, settings.insights)
    if settings.otlp_url:
        yield _otlp(settings.otlp_url)


def _insights(settings: Settings, connection: str) -> Destination:
    """Application Insights, which takes the app's identity and no key.

    What cannot be sent is dropped, and not left on the disk: the ledger is what must not get lost.
    """

    def build(exporter: str) -> Any:
        from azure.monitor.opentelemetry import exporter as exporters

        from adapters.credential import blocking_credential

        return getattr(exporters, exporter)(
            connection_string=connection,
            credential=blocking_credential(settings),
            disable_offline_storage=True,
        )

    return Destination(
        lambda: build("AzureMonitorTraceExporter"),
        lambda: build("AzureMonitorMetricExporter"),
        lambda: build("AzureMonitorLogExporter"),
    )


def _otlp(url: str) -> Destination:
    """OTLP over HTTP, for the local stack; its exporter is no part of the deployed app."""

    def spans() -> "SpanExporter":
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter(f"{url}/v1/traces")

    def metrics() -> "MetricExporter":
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

        return OTLPMetricExporter(f"{url}/v1/metrics")

    def logs() -> "LogRecordExporter":
        from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter

        return OTLPLogExporter(f"{url}/v1/logs")

    return Destination(spans, metrics, logs)
