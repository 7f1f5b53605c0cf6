"""One trace from what happened in the directory, or a timer, to the outcome of each change."""

from collections.abc import Iterable

import pytest

from domain.errors import Later
from domain.telemetry.metrics import CHANGES, CONFIRM_LATENCY, DEAD_LETTERS
from domain.telemetry.work import Work
from tests.fakes.telemetry import Span
from tests.unit.office import SALES, Office
from tests.unit.webhooks import body, item, person, tell


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.jobs.renew_watches()
    return office


async def settled(office: Office) -> None:
    await office.settle()
    office.clock.advance(300)
    office.queue.hints.clear()
    office.telemetry.spans.clear()
    office.telemetry.measured.clear()


def spans(office: Office, *names: Work) -> list[Span]:
    return [span for span in office.telemetry.spans if span.what in names]


def within(office: Office, span: Span) -> list[Work]:
    """Return the work that a span is part of, the outermost first."""
    by_id = {one.id: one for one in office.telemetry.spans}
    above: list[Work] = []
    while span.parent:
        span = by_id[span.parent]
        above.insert(0, span.what)
    return above


def traces(found: Iterable[Span]) -> set[str]:
    return {span.trace for span in found}


async def test_what_graph_tells_of_is_one_trace_until_the_license_is_seen(office: Office) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Legal")
    await settled(office)

    office.tenant.move(ada, department="Sales")
    await tell(office, person(ada))
    office.clock.advance(60)
    await office.jobs.confirm()

    way = (Work.NOTIFIED, Work.RECOMPILE, Work.FOLLOW, Work.PLAN, Work.FULFILL, Work.CLOSE)
    found = spans(office, *way)
    assert [span.what for span in found] == list(way)
    assert len(traces(found)) == 1
    *_, page, close = found
    assert within(office, close) == list(way[:4])
    assert within(office, page) == list(way[:4])
    assert page.ids.keys() == {"bundle", "page", "plan", "run"}
    (timer,) = spans(office, Work.CONFIRM)
    assert close.links == [timer.trace]


async def test_what_a_timer_compiles_is_one_trace_over_all_bundles(office: Office) -> None:
    for bundle in ("e3", "visio"):
        await office.offer(bundle)
    await office.hire("Ada", "Sales")
    await office.jobs.inventory()
    office.telemetry.spans.clear()

    await office.jobs.compile("run-of-the-timer")
    await office.deliver_all()
    office.clock.advance(60)
    await office.jobs.confirm()

    found = spans(office, Work.COMPILE, Work.PLAN, Work.FULFILL, Work.CLOSE)
    assert [span.what for span in found].count(Work.CLOSE) == 2
    assert len(traces(found)) == 1


async def test_a_change_that_is_put_off_stays_in_its_trace(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.jobs.inventory()
    office.targets.fail_next("carry_out", error=Later("Graph is away.", after=7_200))
    await office.jobs.compile("run")
    await office.deliver_all()
    assert office.telemetry.values(CHANGES, outcome="later") == [1]

    office.clock.advance(7_300)
    await office.deliver_all()

    assert office.members(e3) == {ada}
    first, second = spans(office, Work.FULFILL)
    assert traces([first, second]) == traces(spans(office, Work.COMPILE))


async def test_a_page_that_the_sweeper_sends_again_stays_in_its_trace(office: Office) -> None:
    await office.offer("e3")
    await office.hire("Ada", "Sales")
    await office.jobs.inventory()
    await office.jobs.compile("run")
    office.queue.pages.clear()  # lost on its way

    office.clock.advance(31 * 60)
    await office.jobs.sweep()
    await office.deliver_all()

    (page,), (sweep,), (compiled,) = (
        spans(office, what) for what in (Work.FULFILL, Work.SWEEP, Work.COMPILE)
    )
    assert page.trace == compiled.trace != sweep.trace


async def test_a_burst_is_one_trace_with_links_to_the_others(office: Office) -> None:
    await office.offer("e3")
    people = [await office.hire(name, "Legal") for name in ("Ada", "Ben", "Cleo")]
    await settled(office)
    for each in people:
        office.tenant.move(each, department="Sales")

    for number, each in enumerate(people):
        await office.jobs.notified(body(item(office, person(each))), f"call-{number}")
    office.clock.advance(2)
    await office.follow_due_hints()

    first, *others = spans(office, Work.NOTIFIED)
    (follow,) = spans(office, Work.FOLLOW)
    assert follow.trace == first.trace
    assert follow.links == [other.trace for other in others]


async def test_a_hint_that_must_wait_goes_on_in_its_trace(office: Office) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Legal")
    await settled(office)
    office.tenant.move(ada, department="Sales")
    office.directory.fail_next("persons", error=Later("Graph is away.", after=30))

    await tell(office, person(ada))
    office.clock.advance(40)
    await office.follow_due_hints()

    assert len(spans(office, Work.FOLLOW)) == 2
    assert len(traces(spans(office, Work.NOTIFIED, Work.RECOMPILE, Work.FOLLOW))) == 1


async def test_what_somebody_asks_for_is_one_trace(office: Office) -> None:
    await office.offer("e3")
    await office.hire("Ada", "Sales")
    await office.jobs.start_run("asked-for")
    await office.follow_hints()
    await office.deliver_all()

    found = spans(office, Work.ASK, Work.RUN, Work.INVENTORY, Work.COMPILE, Work.FULFILL)
    assert len(found) == 5
    assert len(traces(found)) == 1


async def test_changes_are_counted_by_what_became_of_them(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.jobs.inventory()
    await office.jobs.compile("run")
    await office.deliver_all()
    office.clock.advance(90)
    await office.jobs.confirm()

    told = office.telemetry.values
    for outcome in ("applied", "confirmed"):
        assert told(CHANGES, bundle="e3", action="grant", outcome=outcome) == [1], outcome
    assert told(CONFIRM_LATENCY, bundle="e3", action="grant") == [90]
    assert ("change.ended", "confirmed") in [
        (event, facts.get("state")) for event, facts in office.log.lines
    ]
    assert office.members(e3) == {ada}


async def test_a_message_that_nobody_can_read_is_a_dead_letter(office: Office) -> None:
    await office.jobs.fulfill(b"{}", "m-1")
    await office.jobs.recompile(b"{}", "m-2")
    assert office.telemetry.values(DEAD_LETTERS, queue="fulfillment") == [1]
    assert office.telemetry.values(DEAD_LETTERS, queue="recompile") == [1]


async def test_what_a_held_plan_takes_back_is_counted_as_that(office: Office) -> None:
    e3 = await office.offer("e3")
    await office.hire("Ada", "Sales")
    await settled(office)
    await office.put(e3, policy={"rule": 'user.department -eq "IT"'})
    await office.run()
    await office.jobs.pause("ben", "wrong policy")
    await office.put(e3, policy=SALES)
    office.clock.advance(300)
    await office.run()

    assert office.telemetry.values(CHANGES, action="revoke", outcome="withdrawn") == [1]
