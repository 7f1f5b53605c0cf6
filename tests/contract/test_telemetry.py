"""The promises of the Telemetry port."""

import asyncio

import pytest
from opentelemetry.trace import StatusCode

from domain.errors import Later
from domain.telemetry.metrics import (
    BUNDLE_HELD,
    CHANGES,
    CONFIRM_LATENCY,
    GRAPH_REQUESTS,
    GRAPH_UNITS,
    PEOPLE,
    WORK_DURATION,
    WORK_REQUESTS,
    WORK_UNITS,
)
from domain.telemetry.work import Work
from tests.contract.telemetry_bench import FakeBench, MemoryBench, TelemetryBench

TRACE, SPAN = "a" * 32, "b" * 16
CAUSE = f"00-{TRACE}-{SPAN}-01"
OTHER = f"00-{'c' * 32}-{'d' * 16}-01"


@pytest.fixture(params=["fake", "opentelemetry"])
def bench(request: pytest.FixtureRequest) -> TelemetryBench:
    return FakeBench() if request.param == "fake" else MemoryBench()


def test_work_within_work_is_part_of_it(bench: TelemetryBench) -> None:
    with (
        bench.telemetry.work(Work.RUN, run="run-1"),
        bench.telemetry.work(Work.PLAN, bundle="e5"),
    ):
        pass

    done = bench.done()
    assert done["plan"].parent == done["run"].id
    assert done["plan"].trace == done["run"].trace
    assert done["run"].parent == ""
    assert (done["run"].ids, done["plan"].ids) == ({"run": "run-1"}, {"bundle": "e5"})


def test_work_goes_on_with_the_trace_of_what_caused_it(bench: TelemetryBench) -> None:
    with bench.telemetry.work(Work.FULFILL, CAUSE):
        pass

    done = bench.done()["fulfill"]
    assert (done.trace, done.parent, done.links) == (TRACE, SPAN, ())


def test_work_that_is_done_on_another_occasion_links_to_that(bench: TelemetryBench) -> None:
    with bench.telemetry.work(Work.CONFIRM), bench.telemetry.work(Work.CLOSE, CAUSE):
        pass

    done = bench.done()
    assert (done["close"].trace, done["close"].parent) == (TRACE, SPAN)
    assert done["close"].links == (done["confirm"].trace,)


def test_work_whose_cause_is_in_the_same_trace_is_part_of_the_present(
    bench: TelemetryBench,
) -> None:
    with bench.telemetry.work(Work.RECOMPILE, CAUSE), bench.telemetry.work(Work.FOLLOW, CAUSE):
        pass

    done = bench.done()
    assert (done["follow"].parent, done["follow"].links) == (done["recompile"].id, ())


@pytest.mark.parametrize("cause", ["", "nonsense", f"00-{'0' * 32}-{SPAN}-01"])
def test_a_cause_that_makes_no_sense_is_none(bench: TelemetryBench, cause: str) -> None:
    with bench.telemetry.work(Work.FULFILL, cause):
        bench.telemetry.also([cause])

    done = bench.done()["fulfill"]
    assert (done.parent, done.links) == ("", ())


def test_what_else_caused_it_is_linked_once_and_never_itself(bench: TelemetryBench) -> None:
    with bench.telemetry.work(Work.FOLLOW, CAUSE):
        bench.telemetry.also([CAUSE, OTHER, OTHER, "", "nonsense"])

    assert bench.done()["follow"].links == ("c" * 32,)


def test_the_present_trace_is_that_of_whoever_goes_on_with_it(bench: TelemetryBench) -> None:
    assert bench.telemetry.trace() == ""
    with bench.telemetry.work(Work.PLAN):
        cause = bench.telemetry.trace()
    with bench.telemetry.work(Work.FULFILL, cause):
        pass
    assert bench.telemetry.trace() == ""

    done = bench.done()
    assert (done["fulfill"].trace, done["fulfill"].parent) == (done["plan"].trace, done["plan"].id)


def test_counts_and_spreads_add_up_and_of_levels_the_last_one_stands(
    bench: TelemetryBench,
) -> None:
    tell = bench.telemetry.measure
    for outcome in ("applied", "applied", "refused"):
        tell(CHANGES, 2, bundle="e5", action="grant", outcome=outcome)
    for level in (1, 0):
        tell(BUNDLE_HELD, level, bundle="e5")
    for seconds in (2.5, 4):
        tell(CONFIRM_LATENCY, seconds, bundle="e5", action="grant")

    assert [bench.sums(each) for each in (CHANGES, BUNDLE_HELD, CONFIRM_LATENCY)] == [
        {("e5", "grant", "applied"): 4, ("e5", "grant", "refused"): 2},
        {("e5",): 0},
        {("e5", "grant"): 6.5},
    ]


def test_a_metric_takes_no_dimension_that_it_has_not(bench: TelemetryBench) -> None:
    for given in ({"person": "ada"}, {"bundle": "e5", "person": "ada"}):
        with pytest.raises(ValueError, match=r"seatflow\."):
            bench.telemetry.measure(PEOPLE, 1, **given)
    with pytest.raises(ValueError, match="dimensions"):
        bench.telemetry.measure(BUNDLE_HELD, 1)


async def test_work_costs_what_is_asked_of_graph_for_it_at_the_same_time_too() -> None:
    bench = MemoryBench()

    async def ask() -> None:
        bench.telemetry.measure(GRAPH_REQUESTS, 1, status="2xx")
        bench.telemetry.measure(GRAPH_UNITS, 3)

    with bench.telemetry.work(Work.RUN):
        with bench.telemetry.work(Work.INVENTORY):
            await asyncio.gather(ask(), ask())
        await ask()
    await ask()
    with bench.telemetry.work(Work.SWEEP):
        pass

    assert bench.sums(WORK_REQUESTS) == {("run",): 3, ("inventory",): 2}
    assert bench.sums(WORK_UNITS) == {("run",): 9, ("inventory",): 6}
    assert bench.sums(WORK_DURATION).keys() == {("run",), ("inventory",), ("sweep",)}
    assert bench.done()["inventory"].ids == {"graph.requests": 2, "graph.units": 6}


def test_work_that_fails_says_only_of_what_kind_that_is() -> None:
    bench = MemoryBench()
    with pytest.raises(Later), bench.telemetry.work(Work.INVENTORY):
        raise Later("Graph knows no ada@contoso.example now.", after=5)
    with pytest.raises(KeyError), bench.telemetry.work(Work.COMPILE):
        raise KeyError("ada@contoso.example")

    said = {span.name: span.status for span in bench.finished()}
    assert {status.status_code for status in said.values()} == {StatusCode.ERROR}
    assert said["inventory"].description == "Later"
    assert said["compile"].description == "KeyError"
    assert not any(span.events for span in bench.finished())


def test_a_line_of_the_log_has_its_facts_and_its_trace() -> None:
    bench = MemoryBench()
    with bench.telemetry.work(Work.PLAN, CAUSE):
        bench.real.line("plan.held bundle=e5", {"event": "plan.held", "bundle": "e5"}, loud=True)

    (line,) = bench.lines()
    record = line.log_record
    assert (record.body, record.severity_number and record.severity_number.name) == (
        "plan.held bundle=e5",
        "WARN",
    )
    assert dict(record.attributes or {}) == {"event": "plan.held", "bundle": "e5"}
    assert record.trace_id is not None
    assert f"{record.trace_id:032x}" == TRACE
