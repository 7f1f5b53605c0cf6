"""How far notifications can be relied on, measured against inventories; and what follows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Later
from domain.jobs.trust import SOONER
from domain.watching.trust import KEPT, MOST_MISSED, Reliance, Trust, compared
from tests.unit.office import Office
from tests.unit.webhooks import body, group, item, person, tell
from tests.unit.worlds import NOW


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.jobs.renew_watches()
    office.clock.advance(60)
    await office.jobs.inventory()
    return office


async def moved(office: Office, count: int, told: int, late: int = 0) -> list[str]:
    """Let so many people be hired and an inventory find them; return those it tells of later."""
    people = [await office.hire(f"P{n}", "Sales") for n in range(count)]
    office.clock.advance(30)
    for one in people[:told]:
        await office.jobs.notified(body(item(office, person(one))), f"call {one}")
    office.clock.advance(30)
    await office.jobs.inventory()
    office.clock.advance(30)
    later = people[told : told + late]
    for one in later:
        await office.jobs.notified(body(item(office, person(one))), f"call {one}")
    office.clock.advance(210)
    return later


async def of_users(office: Office) -> Reliance:
    return await of(office, "users")


async def of(office: Office, resource: str) -> Reliance:
    """Return how far notifications of one kind of object can be relied on."""
    found = (await office.jobs.status()).notifications
    return next(one for one in found if one.resource == resource)


async def test_what_was_told_in_time_is_neither_missed_nor_late(office: Office) -> None:
    await moved(office, 30, told=30)
    await office.jobs.inventory()
    users = await of_users(office)
    assert (users.found, users.missed, users.late, users.told) == (30, 0, 0, 30)
    assert not users.mistrusted


async def test_what_is_told_after_an_inventory_found_it_is_late_and_what_never_is_missed(
    office: Office,
) -> None:
    await moved(office, 30, told=20, late=7)
    await office.jobs.inventory()
    users = await of_users(office)
    assert (users.found, users.late, users.missed) == (30, 7, 3)
    assert users.half_within == 60.0, "later than the inventory by half a minute, so at least that"


async def test_what_is_told_twice_is_counted(office: Office) -> None:
    ada, ben = [await office.hire(name, "Sales") for name in ("Ada", "Ben")]
    for number in range(3):
        await office.jobs.notified(body(item(office, person(ada))), f"call-{number}")
    await office.jobs.notified(body(item(office, person(ben)), item(office, person(ben))), "call")
    office.clock.advance(60)
    await office.jobs.inventory()
    users = await of_users(office)
    assert (users.told, users.repeated) == (5, 3)


async def test_of_our_own_writes_the_lag_is_known(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    await office.deliver_all()
    office.clock.advance(4)
    await tell(office, group(e3.target.group, ada))
    office.clock.advance(60)
    await office.jobs.inventory()
    assert (await of(office, "groups")).half_within == 5.0


async def test_graphs_own_word_for_when_it_happened_counts(office: Office) -> None:
    ada = await office.hire("Ada", "Sales")
    happened = (office.clock.now() - timedelta(seconds=90)).isoformat()
    data = person(ada) | {"eventTime": happened}
    await office.jobs.notified(body(item(office, data)), "call")
    office.clock.advance(60)
    await office.jobs.inventory()
    assert (await of_users(office)).most_within == 300.0


async def test_while_too_much_is_missed_an_inventory_is_taken_every_minute(office: Office) -> None:
    await moved(office, 30, told=20)
    office.queue.hints.clear()
    await office.jobs.inventory()
    users = await of_users(office)
    assert (users.missed, users.mistrusted) == (10, True)
    assert ("trust.low", {"resource": "users", "missed_percent": 33.3, "again_after": SOONER}) in (
        office.log.lines
    )
    for _ in range(5):
        (again,) = office.queue.hints
        assert again.hint.run
        assert again.due - office.clock.now() <= timedelta(seconds=SOONER + 1)
        office.clock.advance(SOONER + 1)
        await office.follow_due_hints()

    office.clock.advance(3600)
    office.queue.hints.clear()
    await office.jobs.inventory()
    assert not (await of_users(office)).mistrusted
    assert office.queue.hints == [], "it is better, so the timer has to do"


async def test_a_few_misses_are_no_reason(office: Office) -> None:
    await moved(office, 19, told=0)
    await office.jobs.inventory()
    assert (await of_users(office)).missed == 19
    assert not (await of_users(office)).mistrusted
    assert not [sent for sent in office.queue.hints if sent.hint.run]


async def test_a_watch_that_died_unnoticed_is_mistrusted(office: Office) -> None:
    office.watches.subscriptions.clear()
    await moved(office, 30, told=0)
    await office.jobs.inventory()
    assert (await of_users(office)).mistrusted


async def test_what_happened_before_anybody_watched_is_not_missed() -> None:
    office = Office()
    await office.jobs.inventory()
    for number in range(30):
        await office.hire(f"P{number}", "Sales")
    office.clock.advance(300)
    await office.jobs.inventory()
    await office.jobs.renew_watches()
    office.clock.advance(300)
    await office.jobs.inventory()
    assert not any(one.found for one in (await office.jobs.status()).notifications)


async def test_a_full_read_says_nothing_of_notifications(office: Office) -> None:
    await moved(office, 30, told=0)
    office.tenant.expire_tokens()
    await office.jobs.inventory()
    users = await of_users(office)
    assert (users.found, users.missed) == (30, 0)


async def test_an_inventory_stands_though_nothing_can_be_compared(office: Office) -> None:
    await office.hire("Ada", "Sales")
    office.notices.fail_next("trust", error=Later("The storage is away."))
    await office.jobs.inventory()
    assert office.log.events()[-1] == "trust.unknown"
    alone = Office()
    alone.watches.reachable = False
    await alone.jobs.inventory()
    await alone.jobs.inventory()
    assert "trust.measured" not in alone.log.events()


def test_old_rounds_are_dropped_and_very_many_are_sampled() -> None:
    trust = replace(Trust(), at=NOW)
    everyone = [f"{number:08}" for number in range(10_000)]
    for number in range(1, KEPT + 10):
        trust = compared(trust, {"users": everyone}, [], NOW + timedelta(minutes=number))
    assert len(trust.rounds["users"]) == KEPT
    assert len(trust.untold["users"]) == trust.rounds["users"][-1].found == 3_000
    assert trust.share_missed("users", NOW + timedelta(minutes=KEPT)) == 1 > MOST_MISSED


async def test_watches_are_shown_with_what_became_of_them(office: Office) -> None:
    await office.hire("Ada", "Sales")
    office.clock.advance(15 * 24 * 3600)
    await office.jobs.renew_watches()
    gone = max(office.watches.subscriptions)
    del office.watches.subscriptions[gone]
    ada = await office.hire("Ada", "Sales")
    alive = next(w for w in office.watches.records() if w.id in office.watches.subscriptions)
    told = person(ada) if alive.resource == "users" else group(ada)
    await office.jobs.notified(body(item(office, told)), "call")
    found = await office.jobs.watches()
    assert found.possible
    assert sorted(one.state for one in found.watches) == ["alive", "gone", "replaced", "replaced"]
    assert found.last_told == {alive.resource: office.clock.now()}
