"""The Telemetry port on OpenTelemetry, and log lines beside it, in the trace they belong to.

The providers are our own and not the process's: libraries that would tell of each of their
requests, with addresses in which people are named, have nobody to tell.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

from opentelemetry import trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import Context
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Link, Span, SpanContext, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from adapters.telemetry.bill import bill, charge
from adapters.telemetry.destinations import Destination
from adapters.telemetry.instruments import Instruments
from adapters.telemetry.late import LateLogs, LateMetrics, LateSpans
from domain.telemetry.metric import Metric
from domain.telemetry.metrics import WORK_DURATION, WORK_REQUESTS, WORK_UNITS
from domain.telemetry.work import Work

NAME = "seatflow"
MOST_LINKS = 100
"""Traces that one piece of work says caused it as well."""

_W3C = TraceContextTextMapPropagator()
_FIELD = "traceparent"


class OpenTelemetry:
    """The Telemetry port; nothing is sampled, so that each trace is whole."""

    def __init__(self, destinations: Iterable[Destination]) -> None:
        known = list(destinations)
        resource = Resource.create({SERVICE_NAME: NAME})
        readers = [PeriodicExportingMetricReader(LateMetrics(each.metrics)) for each in known]
        self._traces = TracerProvider(sampler=ALWAYS_ON, resource=resource)
        self._logs = LoggerProvider(resource=resource)
        self._metrics = MeterProvider(readers, resource=resource)
        for each in known:
            self._traces.add_span_processor(BatchSpanProcessor(LateSpans(each.spans)))
            self._logs.add_log_record_processor(BatchLogRecordProcessor(LateLogs(each.logs)))
        self._tracer = self._traces.get_tracer(NAME)
        self._logger = self._logs.get_logger(NAME)
        self._instruments = Instruments(self._metrics.get_meter(NAME))

    def measure(self, metric: Metric, value: float, **dimensions: str) -> None:
        """Tell one value."""
        self._instruments.measure(metric, value, dimensions)
        charge(metric, value)

    @contextmanager
    def work(self, what: Work, cause: str = "", **ids: str) -> Iterator[None]:
        """Do a piece of work, and measure how long it took and what it cost."""
        began = perf_counter()
        context, links = _place(cause)
        with (
            bill() as costs,
            self._tracer.start_as_current_span(
                what,
                context,
                attributes=ids,
                links=links,
                record_exception=False,
                set_status_on_exception=False,
            ) as span,
        ):
            try:
                yield
            except BaseException as error:
                span.set_status(_status(error))
                raise
            finally:
                self._told(span, what, perf_counter() - began, costs.requests, costs.units)

    def also(self, causes: Iterable[str]) -> None:
        """Link the present work to these traces."""
        span = trace.get_current_span()
        own = span.get_span_context().trace_id
        others = {cause: _read(cause) for cause in causes}
        for context in list(others.values())[:MOST_LINKS]:
            if context.is_valid and context.trace_id != own:
                span.add_link(context)

    def trace(self) -> str:
        """Return the present trace as text."""
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get(_FIELD, "")

    def line(self, text: str, facts: Mapping[str, str | int | float], *, loud: bool) -> None:
        """Send a line of the log, with its facts each for itself."""
        severity = SeverityNumber.WARN if loud else SeverityNumber.INFO
        record = LogRecord(body=text, attributes=dict(facts), severity_number=severity)
        self._logger.emit(record)

    def close(self) -> None:
        """Send what is left, which may take a while, and stop."""
        for provider in (self._traces, self._logs, self._metrics):
            provider.shutdown()

    def _told(self, span: Span, what: Work, seconds: float, requests: float, units: float) -> None:
        self._instruments.measure(WORK_DURATION, seconds, {"work": what})
        if requests:
            span.set_attributes({"graph.requests": requests, "graph.units": units})
            self._instruments.measure(WORK_REQUESTS, requests, {"work": what})
            self._instruments.measure(WORK_UNITS, units, {"work": what})


def _place(cause: str) -> tuple[Context | None, list[Link]]:
    """Return what the work goes on with, None for what the process is doing already.

    What this process is doing may be in the cause's trace already; if not, the work goes on in that
    of the cause, with a link to this one.
    """
    context = _read(cause)
    here = trace.get_current_span().get_span_context()
    if not context.is_valid or here.trace_id == context.trace_id:
        return None, []
    return _W3C.extract({_FIELD: cause}), [Link(here)] if here.is_valid else []


def _read(cause: str) -> SpanContext:
    return trace.get_current_span(_W3C.extract({_FIELD: cause}, Context())).get_span_context()


def _status(error: BaseException) -> Status:
    """Say only of what kind it was: an error's text may hold Graph's own words, and so a name."""
    return Status(StatusCode.ERROR, type(error).__name__)
