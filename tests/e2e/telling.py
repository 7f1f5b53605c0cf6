"""The telemetry of a stack, received: whether its traces are whole and its names known."""

from collections.abc import Iterator

from domain.telemetry.metrics import METRICS
from domain.telemetry.work import Work
from simulators.telemetry.received import Received, Span

SOON = {
    "OTEL_BSP_SCHEDULE_DELAY": "200",
    "OTEL_BLRP_SCHEDULE_DELAY": "200",
    "OTEL_METRIC_EXPORT_INTERVAL": "500",
}
"""Milliseconds until telemetry leaves (OpenTelemetry specification: environment variables)."""

_BEGINNINGS = {
    Work.NOTIFIED: (Work.RECOMPILE, Work.FOLLOW),
    Work.ASK: (Work.RECOMPILE, Work.RUN, Work.COMPILE),
    Work.COMPILE: (),
}
"""What sets a change off, and the work between that and its plan."""


def outcomes(received: Received, person: str) -> Iterator[tuple[str, str, str]]:
    """Yield (bundle, action, trace) of each change of a person that was seen to take effect."""
    for line in received.lines:
        about = line.attributes
        ended = (about.get("event"), about.get("state"), about.get("person"))
        if ended == ("change.ended", "confirmed", person):
            yield about["bundle"], about["action"], line.trace


def missing(received: Received, trace: str, bundle: str) -> str:
    """Say what the trace of a change lacks until its outcome; empty if it is whole."""
    spans = received.trace(trace)
    for span in spans.values():
        if span.parent and span.parent not in spans:
            return f"{span.name} is part of something that is not there"
    for what in (Work.FULFILL, Work.CLOSE):
        found = [s for s in spans.values() if s.name == what and s.attributes["bundle"] == bundle]
        if not found:
            return f"there is no {what}"
        above = [one.name for one in _above(spans, found[-1])]
        beginning = above[0] if above else ""
        if beginning not in _BEGINNINGS:
            return f"it begins with {beginning!r}"
        if above[1:] != [*_BEGINNINGS[Work(beginning)], Work.PLAN]:
            return f"{what} came about by {above}"
    return ""


def unknown(received: Received) -> set[str]:
    """Return metrics and works that are in no table, and whoever else tells of something."""
    metrics = {metric.name for metric in METRICS}
    works = {str(work) for work in Work}
    strange = {point.metric for point in received.points} - metrics
    strange |= {span.name for span in received.spans} - works
    return strange | {span.scope for span in received.spans} - {"seatflow"}


def _above(spans: dict[str, Span], span: Span) -> list[Span]:
    """Return the work that a span is part of, the outermost first."""
    found: list[Span] = []
    while span.parent:
        span = spans[span.parent]
        found.insert(0, span)
    return found
