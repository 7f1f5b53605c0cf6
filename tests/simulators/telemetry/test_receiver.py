"""The receiver understands OpenTelemetry's own exporters, and shows people what came."""

import asyncio
from contextlib import suppress

from adapters.settings import Settings
from adapters.telemetry.destinations import destinations
from adapters.telemetry.opentelemetry import OpenTelemetry
from domain.errors import Later
from domain.telemetry.metrics import BUNDLE_HELD, CHANGES, CONFIRM_LATENCY
from domain.telemetry.work import Work
from simulators.telemetry.received import Point, Received
from simulators.telemetry.server import receiver
from simulators.telemetry.shown import shown

CAUSE = f"00-{'a' * 32}-{'b' * 16}-01"


async def told() -> Received:
    async with receiver() as there:
        settings = Settings.model_construct(otlp_url=there.url, credential="local")
        telemetry = OpenTelemetry(destinations(settings))
        with (
            suppress(Later),
            telemetry.work(Work.CONFIRM),
            telemetry.work(Work.CLOSE, CAUSE, bundle="e5"),
        ):
            telemetry.line("plan.held bundle=e5", {"event": "plan.held"}, loud=True)
            raise Later("Graph is away.", after=1)
        telemetry.measure(CHANGES, 2, bundle="e5", action="grant", outcome="applied")
        telemetry.measure(BUNDLE_HELD, 1, bundle="e5")
        for seconds in (1, 2.5):
            telemetry.measure(CONFIRM_LATENCY, seconds, bundle="e5", action="grant")
        await asyncio.to_thread(telemetry.close)
        return there.received


async def test_it_takes_spans_lines_and_metrics_over_otlp() -> None:
    received = await told()

    close, confirm = received.spans
    assert (close.name, close.trace, close.parent) == ("close", "a" * 32, "b" * 16)
    assert (close.links, close.attributes) == ((confirm.trace,), {"bundle": "e5"})
    assert (close.scope, close.error) == ("seatflow", "Later")
    assert close.began <= close.ended
    (line,) = received.lines
    assert (line.text, line.trace) == ("plan.held bundle=e5", close.trace)
    assert Point("seatflow.bundle.held", 1, attributes={"bundle": "e5"}) in received.points
    about = {"bundle": "e5", "action": "grant"}
    assert Point("seatflow.change.latency", 3.5, 2, about) in received.points
    about |= {"outcome": "applied"}
    assert Point("seatflow.changes", 2, attributes=about) in received.points


async def test_it_shows_traces_as_trees() -> None:
    lines = list(shown(await told()))

    assert "log    aaaaaaaa plan.held bundle=e5" in lines
    assert "metric seatflow.change.latency 3.5 in 2 bundle=e5 action=grant" in lines
    tree = lines[lines.index(f"trace  {'a' * 32}") + 1]
    assert tree.startswith("         close ")
    assert tree.endswith("FAILED: Later")
