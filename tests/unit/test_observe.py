"""How everything stands, measured for those who watch from outside."""

from datetime import timedelta

import pytest

from domain.errors import Forbidden, Later
from domain.kinds import KINDS
from domain.kinds.owners import Owner
from domain.telemetry.metrics import (
    BUNDLE_HELD,
    BUNDLE_PEOPLE,
    INVENTORY_AGE,
    INVENTORY_COMPLETE,
    METRICS,
    MISS_RATE,
    PEOPLE,
    QUEUE_AGE,
    QUEUE_DEPTH,
    SEATS,
    WATCH_REMAINING,
    WEBHOOK_FOUND,
    WEBHOOK_LAG,
    WEBHOOK_MISSED,
)
from tests.unit.office import Office
from tests.unit.webhooks import body, group, item, person, tell

DAY = timedelta(days=1).total_seconds()


@pytest.fixture
def office() -> Office:
    return Office()


async def swept(office: Office) -> None:
    """Measure anew."""
    office.telemetry.measured.clear()
    await office.jobs.sweep()


async def test_an_inventory_has_an_age_and_is_complete_or_not(office: Office) -> None:
    told = office.telemetry.values
    await swept(office)
    assert told(INVENTORY_AGE) == []

    await office.hire("Ada", "Sales")
    await office.jobs.inventory()
    assert told(INVENTORY_COMPLETE, kind="core") == [1]
    office.directory.fail_next("products", error=Later("Graph is away.", 5))
    with pytest.raises(Later):
        await office.jobs.inventory()
    assert told(INVENTORY_COMPLETE, kind="core") == [1, 0]

    office.clock.advance(90)
    await swept(office)
    assert told(INVENTORY_AGE, kind="core") == [90]
    assert told(PEOPLE) == [1]


async def test_so_does_each_further_kind_that_is_switched_on(office: Office) -> None:
    told, owners = office.telemetry.values, KINDS["owners"]
    office.sources.give(owners, [Owner("g", "ada", "person")])
    await office.jobs.shelve("owners")
    office.clock.advance(60)
    await swept(office)
    assert told(INVENTORY_AGE, kind="owners") == [60]
    assert told(INVENTORY_COMPLETE, kind="owners") == [1]
    assert told(INVENTORY_COMPLETE, kind="usage") == [0]

    office.clock.advance(2 * DAY)
    office.sources.give(owners, Forbidden("No permission.", "Grant it."))
    await office.jobs.shelve("owners")
    await swept(office)
    assert told(INVENTORY_COMPLETE, kind="owners") == [0]
    assert told(INVENTORY_AGE, kind="owners") == [60 + 2 * DAY]


async def test_each_bundle_says_who_holds_it_waits_for_it_and_is_on_the_way(
    office: Office,
) -> None:
    told = office.telemetry.values
    e3 = await office.offer("e3", seats=2)
    for name in ("Ada", "Ben", "Cleo"):
        await office.hire(name, "Sales")
    await office.run()
    assert told(SEATS, product=e3.skus()[0], state="bought") == [2]
    assert told(SEATS, product=e3.skus()[0], state="short") == [1]

    await swept(office)
    states = ("entitled", "holding", "waiting", "leaving", "open")
    found = [told(BUNDLE_PEOPLE, bundle="e3", state=state) for state in states]
    assert found == [[3], [0], [1], [0], [2]]
    assert told(BUNDLE_HELD, bundle="e3") == [0]

    await office.settle()
    await office.run()
    assert told(SEATS, product=e3.skus()[0], state="free")[-1] == 0
    await office.jobs.pause("tests", "An emergency.")
    office.tenant.move(min(office.members(e3)), department="Legal")
    await office.run()
    await swept(office)
    assert told(BUNDLE_HELD, bundle="e3") == [1]


async def test_what_is_due_and_not_done_has_a_depth_and_an_age(office: Office) -> None:
    told = office.telemetry.values
    await office.jobs.renew_watches()
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    await office.jobs.notified(body(item(office, person(ada))), "call-1")

    office.clock.advance(45)
    await swept(office)
    for queue in ("fulfillment", "recompile"):
        assert told(QUEUE_DEPTH, queue=queue) == [1], queue
        assert told(QUEUE_AGE, queue=queue) == [45], queue

    await office.follow_due_hints()
    await office.deliver_all()
    await swept(office)
    for queue in ("fulfillment", "recompile"):
        assert told(QUEUE_DEPTH, queue=queue) == told(QUEUE_AGE, queue=queue) == [0], queue


async def test_a_page_that_is_put_off_is_not_due(office: Office) -> None:
    await office.offer("e3")
    await office.hire("Ada", "Sales")
    office.targets.fail_next("carry_out", error=Later("Graph is away.", after=600))
    await office.run()
    await office.deliver_all()
    await swept(office)
    assert office.telemetry.values(QUEUE_DEPTH, queue="fulfillment") == [0]


async def test_a_watch_lasts_so_long_and_one_that_is_not_there_does_not(office: Office) -> None:
    await swept(office)
    assert office.telemetry.values(WATCH_REMAINING) == [0, 0]
    await office.jobs.renew_watches()
    office.clock.advance(DAY)
    await swept(office)
    assert office.telemetry.values(WATCH_REMAINING, resource="users") == [41_000 * 60 - DAY]
    office.watches.reachable = False
    await swept(office)
    assert office.telemetry.values(WATCH_REMAINING) == []


async def test_storage_that_is_away_leaves_something_out_and_stops_nothing(office: Office) -> None:
    office.shelves.fail_next("stand", error=Later("Storage is away.", 5))
    await swept(office)
    assert office.telemetry.values(QUEUE_DEPTH, queue="fulfillment") == [0]
    assert ("observe.failed", {"reason": "Storage is away."}) in office.log.lines


async def test_notifications_are_late_or_missing(office: Office) -> None:
    told = office.telemetry.values
    e3 = await office.offer("e3")
    await office.jobs.inventory()
    await office.jobs.renew_watches()
    ada = await office.hire("Ada", "Sales")
    await tell(office, person(ada))
    office.clock.advance(7)
    await tell(office, group(e3.target.group, ada))
    assert told(WEBHOOK_LAG, resource="groups") == [7]

    for number in range(30):
        await office.hire(f"Newcomer {number}", "Legal")
    for _ in range(3):
        office.clock.advance(400)
        await office.jobs.inventory()
    assert sum(told(WEBHOOK_FOUND, resource="users")) >= 30
    assert sum(told(WEBHOOK_MISSED, resource="users")) == 30
    assert told(MISS_RATE, resource="users")[-1] > 0.9


def test_no_metric_can_tell_of_a_person() -> None:
    dimensions = {name for metric in METRICS for name in metric.dimensions}
    assert dimensions == {
        *("action", "bundle", "kind", "outcome", "product", "queue", "resource", "state", "status"),
        "work",
    }
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    assert all(name.startswith("seatflow.") for name in names)
