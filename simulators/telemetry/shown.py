"""Telemetry as people read it: lines, traces as trees, and metrics."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulators.telemetry.received import Received, Span


def shown(received: Received) -> Iterator[str]:
    """Yield it line by line."""
    for line in received.lines:
        yield f"log    {line.trace[:8] or '-':8} {line.text}"
    for point in received.points:
        many = f" in {point.count}" if point.count > 1 else ""
        yield f"metric {point.metric} {point.value:g}{many} {_about(point.attributes)}"
    traces: dict[str, list[Span]] = defaultdict(list)
    for span in received.spans:
        traces[span.trace].append(span)
    for trace, spans in traces.items():
        yield f"trace  {trace}"
        yield from _tree(spans)
    for envelope in received.envelopes:
        yield f"sent   {envelope}"


def _tree(spans: Sequence[Span]) -> Iterator[str]:
    ids = {span.id for span in spans}
    below: dict[str, list[Span]] = defaultdict(list)
    for span in sorted(spans, key=lambda one: one.began):
        below[span.parent if span.parent in ids else ""].append(span)
    waiting = [(span, 1) for span in reversed(below[""])]
    while waiting:
        span, depth = waiting.pop()
        took = f"{(span.ended - span.began) * 1000:.0f} ms"
        wrong = f" FAILED: {span.error}" if span.error else ""
        yield f"       {'  ' * depth}{span.name} {took} {_about(span.attributes)}{wrong}"
        waiting += [(one, depth + 1) for one in reversed(below[span.id])]


def _about(attributes: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in attributes.items())
