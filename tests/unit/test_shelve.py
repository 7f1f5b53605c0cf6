"""Reading the further kinds of facts: when it is due, in parts, and when it fails."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Forbidden, Later, Resync
from domain.jobs.kinds import KindStatus, kinds
from domain.jobs.shelve import shelve
from domain.kinds import FURTHER, KINDS, Kind
from domain.kinds.kind import Row
from domain.kinds.owners import Owner
from domain.ports import FactsPage
from domain.ports.shelves import Shelf
from tests.unit.office import Office

OWNERS = KINDS["owners"]
ADA, BOB, EVE = (Owner("g", name, "person") for name in ("ada", "bob", "eve"))
AWAY = Later("Graph cannot answer now.", 5)
DAY = timedelta(days=1).total_seconds()


@pytest.fixture
def office() -> Office:
    return Office()


async def look(office: Office, kind: Kind = OWNERS) -> Shelf:
    await office.jobs.shelve(kind.name)
    return (await office.shelves.stand([kind]))[kind.name]


async def rows(office: Office, kind: Kind = OWNERS) -> list[Row]:
    return [row async for part in office.shelves.rows(kind) for row in part]


async def test_all_pages_become_one_read_with_one_line_in_the_log(office: Office) -> None:
    office.sources.give(OWNERS, [ADA], [BOB], remark="Some are hidden.")

    shelf = await look(office)

    assert await rows(office) == [ADA, BOB]
    assert shelf.load
    assert (shelf.load.taken_at, shelf.load.rows) == (office.clock.now(), 2)
    assert shelf.load.remarks == ("Some are hidden.",)
    assert office.log.lines == [("kind.done", {"kind": "owners", "rows": 2})]


async def test_what_is_switched_off_is_not_asked_for_and_leaves_no_trace(office: Office) -> None:
    await shelve(replace(office.ports, kinds=frozenset({"domains"})), OWNERS)

    assert office.sources.asked == []
    assert office.log.lines == []
    assert await office.shelves.stand([OWNERS]) == {"owners": Shelf()}


async def test_a_read_is_made_again_only_when_it_is_old_enough(office: Office) -> None:
    office.sources.give(OWNERS, [ADA])
    await look(office)
    office.sources.give(OWNERS, [BOB])

    office.clock.advance(DAY - 1)
    await look(office)
    assert await rows(office) == [ADA]

    office.clock.advance(1)
    await look(office)
    assert await rows(office) == [BOB]


async def test_a_failed_read_leaves_the_one_before_and_says_why_until_one_succeeds(
    office: Office,
) -> None:
    office.sources.give(OWNERS, [ADA])
    await look(office)
    office.clock.advance(DAY)
    office.sources.give(OWNERS, AWAY)

    shelf = await look(office)

    assert shelf.failure
    assert (shelf.failure.at, shelf.failure.reason) == (office.clock.now(), str(AWAY))
    assert await rows(office) == [ADA]
    assert office.log.events()[-1] == "kind.failed"

    office.sources.give(OWNERS, [BOB])
    assert (await look(office)).failure is None
    assert await rows(office) == [BOB]


async def test_a_missing_permission_is_one_sentence_with_the_permission_and_the_switch(
    office: Office,
) -> None:
    denied = Forbidden("Graph denied the request.", "Grant GroupMember.Read.All.")
    office.sources.give(OWNERS, denied)

    shelf = await look(office)

    assert shelf.failure
    assert shelf.failure.reason == (
        "Graph denied the request. Grant GroupMember.Read.All. Or set INVENTORY_OWNERS=off."
    )


async def test_a_read_that_is_refused_half_way_begins_anew_once_it_may(office: Office) -> None:
    office.sources.give(OWNERS, [ADA], Forbidden("Graph denied the request."))
    assert (await look(office)).reading is None

    office.sources.give(OWNERS, [BOB], [EVE])
    await look(office)

    assert await rows(office) == [BOB, EVE]


async def test_a_read_that_fails_half_way_goes_on_where_it_was(office: Office) -> None:
    office.sources.give(OWNERS, [ADA], AWAY)
    shelf = await look(office)
    assert shelf.load is None
    assert shelf.reading
    assert (shelf.reading.rows, shelf.reading.link) == (1, "1")
    began_at = office.clock.now()

    office.clock.advance(600)
    office.sources.give(OWNERS, [EVE], [BOB])
    shelf = await look(office)

    assert await rows(office) == [ADA, BOB]
    assert office.sources.asked == [("owners", None), ("owners", "1")]
    assert shelf.load
    assert shelf.load.taken_at == began_at


async def test_a_read_that_takes_longer_than_a_run_may_is_gone_on_with_by_the_next(
    office: Office,
) -> None:
    office.sources.give(OWNERS, [ADA], [BOB], [EVE], remark="Some are hidden.")
    hasty = replace(OWNERS, budget=timedelta(0))

    for reads in range(1, 3):
        await shelve(office.ports, hasty)
        shelf = (await office.shelves.stand([OWNERS]))["owners"]
        assert shelf.load is None
        assert shelf.reading
        assert shelf.reading.rows == reads
    await shelve(office.ports, hasty)

    assert await rows(office) == [ADA, BOB, EVE]
    assert office.log.events() == ["kind.paused", "kind.paused", "kind.done"]
    shelf = (await office.shelves.stand([OWNERS]))["owners"]
    assert shelf.load
    assert shelf.load.remarks == ("Some are hidden.",)


async def test_a_link_that_died_means_to_begin_anew(office: Office) -> None:
    office.sources.give(OWNERS, [ADA], AWAY)
    await look(office)
    office.sources.give(OWNERS, [BOB], [EVE])
    office.sources.dead.add("1")

    await look(office)

    assert await rows(office) == [BOB, EVE]
    assert office.log.events() == ["kind.failed", "kind.anew", "kind.done"]


async def test_a_read_that_began_too_long_ago_begins_anew(office: Office) -> None:
    office.sources.give(OWNERS, [ADA], AWAY)
    await look(office)
    office.clock.advance(DAY)
    office.sources.give(OWNERS, [BOB], [EVE])

    await look(office)

    assert await rows(office) == [BOB, EVE]


async def test_a_link_that_dies_within_a_read_is_a_failure_like_any_other(office: Office) -> None:
    office.sources.give(OWNERS, [ADA], Resync("The page is no longer known."))
    shelf = await look(office)
    assert shelf.failure

    office.sources.dead.add("1")
    office.sources.give(OWNERS, [BOB], [EVE])
    await look(office)

    assert await rows(office) == [BOB, EVE]


async def test_two_runs_of_a_kind_do_not_overlap(office: Office) -> None:
    async with office.shelves.fill(OWNERS):
        await look(office)

    assert office.sources.asked == []
    assert office.log.events() == ["kind.busy"]


@pytest.mark.parametrize("kind", FURTHER, ids=[kind.name for kind in FURTHER])
async def test_every_kind_can_be_looked_after(office: Office, kind: Kind) -> None:
    assert (await look(office, kind)).load


async def test_the_core_is_read_whatever_happens_to_the_rest(office: Office) -> None:
    office.sources.give(OWNERS, Forbidden("Graph denied the request."))
    await look(office)

    await office.jobs.inventory()

    assert await office.warehouse.latest()


def test_a_page_says_where_the_read_goes_on() -> None:
    assert FactsPage(()).link is None


# What status says of it.


async def status_of(office: Office, kind: Kind = OWNERS) -> KindStatus:
    return next(each for each in (await office.jobs.status()).kinds if each.name == kind.name)


async def test_status_tells_age_and_count_and_when_a_read_is_due(office: Office) -> None:
    before = await status_of(office)
    assert (before.on, before.taken_at, before.rows, before.due) == (True, None, 0, True)

    office.sources.give(OWNERS, [ADA], [BOB], remark="Some are hidden.")
    await look(office)
    read_at = office.clock.now()
    office.clock.advance(DAY - 1)
    known = await status_of(office)
    assert (known.taken_at, known.rows, known.due) == (read_at, 2, False)
    assert (known.remarks, known.failure, known.reading) == (("Some are hidden.",), "", None)

    office.clock.advance(1)
    assert (await status_of(office)).due


async def test_status_tells_what_failed_and_how_far_a_read_has_come(office: Office) -> None:
    office.sources.give(OWNERS, [ADA], AWAY)
    await look(office)

    told = await status_of(office)

    assert (told.failed_at, told.failure, told.reading) == (office.clock.now(), str(AWAY), 1)


async def test_status_tells_which_kinds_are_off(office: Office) -> None:
    ports = replace(office.ports, kinds=frozenset({"domains"}))
    told = {each.name: (each.on, each.due) for each in await kinds(ports)}
    assert told["domains"] == (True, True)
    assert told["owners"] == (False, False)
    assert set(told) == {kind.name for kind in FURTHER}


async def test_what_came_with_seatflow_does_until_a_read_succeeds(office: Office) -> None:
    office.sources.came_with_us["owners"] = FactsPage([EVE], remarks=("For now.",))
    office.sources.give(OWNERS, AWAY)
    shelf = await look(office)
    assert await rows(office) == [EVE]
    assert shelf.load
    assert shelf.load.remarks == ("For now.",)
    assert shelf.failure
    assert shelf.failure.reason == str(AWAY)

    office.sources.give(OWNERS, [ADA])
    shelf = await look(office)  # at once: what is there is not what was asked for
    assert await rows(office) == [ADA]
    assert shelf.failure is None

    office.clock.advance(DAY)
    office.sources.give(OWNERS, AWAY)
    await look(office)
    assert await rows(office) == [ADA]
