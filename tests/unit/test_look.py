"""Looking at kept snapshots: which one is meant, a part of a kind as a file, two compared."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pyarrow.parquet as pq
import pytest

from domain.errors import Never
from domain.jobs.export import PART, export
from domain.kinds import KINDS
from domain.kinds.owners import Owner
from tests.unit.office import Office


@pytest.fixture
async def office() -> Office:
    """Ada moves to Legal on the second day, Ben comes on the third."""
    office = Office()
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    office.clock.advance(timedelta(days=1).total_seconds())
    office.tenant.move(ada, department="Legal")
    await office.run()
    office.clock.advance(timedelta(days=1).total_seconds())
    await office.hire("Ben", "Sales")
    await office.run()
    return office


async def test_snapshots_are_listed_newest_first(office: Office) -> None:
    assert [one.counts["people"] for one in await office.jobs.snapshots()] == [2, 1, 1]


async def test_a_snapshot_is_meant_by_its_id_by_a_date_or_as_the_latest(office: Office) -> None:
    newest, middle, oldest = await office.jobs.snapshots()
    for name, meant in (
        ("latest", newest),
        (oldest.id, oldest),
        (f"{middle.taken_at:%Y-%m-%d}", middle),
        (middle.taken_at.isoformat(), middle),
        ((middle.taken_at - timedelta(seconds=1)).isoformat(), oldest),
    ):
        found = await office.jobs.export("people", name, None, None)
        assert found
        assert found.snapshot == meant.id, name


@pytest.mark.parametrize("name", ["20261101T000000-00000000", "2020-01-01", "yesterday"])
async def test_a_snapshot_that_is_not_there_is_refused_with_those_that_are(
    office: Office, name: str
) -> None:
    newest, *_, oldest = await office.jobs.snapshots()
    with pytest.raises(Never, match=f"The oldest is {oldest.id}, the latest {newest.id}"):
        await office.jobs.export("people", name, None, None)


async def test_before_the_first_inventory_there_is_nothing_to_look_at() -> None:
    with pytest.raises(Never, match="There is no inventory yet"):
        await Office().jobs.export("people", None, None, None)


async def test_a_kind_that_is_none_or_not_of_a_snapshot_is_refused(office: Office) -> None:
    with pytest.raises(Never, match="There is no kind of facts 'persons'"):
        await office.jobs.export("persons", None, None, None)


async def test_a_part_is_a_file_that_stands_by_itself(office: Office) -> None:
    found = await office.jobs.export("people", None, None, None)
    assert found
    assert (found.name, found.part, found.parts, found.rows) == ("people.parquet", 1, 1, 2)
    table = pq.read_table(BytesIO(found.body))
    assert sorted(table.column("department").to_pylist()) == ["Legal", "Sales"]
    assert await office.jobs.export("people", None, None, 2) is None


async def test_a_large_kind_comes_in_parts(office: Office) -> None:
    for n in range(3):
        await office.hire(f"P{n}", "Sales")
    await office.run()
    whole = await office.jobs.export("people", None, "csv", 1)
    assert whole
    assert PART == 50_000

    parts = [await export(office.ports, "people", None, "csv", n, size=2) for n in (1, 2, 3)]

    assert [one.rows for one in parts if one] == [2, 2, 1]
    assert [one.name for one in parts if one] == [f"people-000{n}.csv" for n in (1, 2, 3)]
    assert b"".join(one.body for one in parts if one) == whole.body


async def test_a_further_kind_is_told_as_it_was_read_last(office: Office) -> None:
    off = replace(office.ports, kinds=frozenset())
    with pytest.raises(Never, match=r"owners was never read\. INVENTORY_OWNERS=on has it read"):
        await export(off, "owners", None, None, None)
    with pytest.raises(Never, match=r"owners was not read yet\. It is on"):
        await office.jobs.export("owners", None, None, None)
    office.sources.give(KINDS["owners"], [Owner("g", f"p{n}", "person") for n in range(5)])
    await office.jobs.shelve("owners")

    parts = [await export(office.ports, "owners", None, "csv", n, size=2) for n in (1, 2, 3, 4)]

    lines = [one.body.decode().splitlines() for one in parts if one]
    assert [len(each) for each in lines] == [3, 2, 1]
    assert lines[2] == ["g,p4,person"]
    assert parts[3] is None
    read_at = office.clock.now().isoformat()
    assert {one.snapshot for one in parts if one} == {read_at}
    again = await office.jobs.export("owners", read_at, "parquet", None)
    assert again
    assert pq.read_table(BytesIO(again.body)).num_rows == 5
    with pytest.raises(Never, match="Of this kind only the latest is kept"):
        await office.jobs.export("owners", "2020-01-01", None, None)


async def test_two_snapshots_are_compared(office: Office) -> None:
    newest, middle, oldest = await office.jobs.snapshots()
    found = await office.jobs.diff(oldest.id, None, None, None)
    assert (found.before, found.after) == (oldest, newest)
    assert (found.diff.people_joined, found.diff.people_changed) == (1, 1)
    assert found.diff.changes["department"] == 1

    again = await office.jobs.diff(oldest.id, middle.id, "Department, person.Department", None)
    assert again.diff.changes == {"department": 1, "person.department": 1}
    with pytest.raises(Never, match="There is no attribute 'shoeSize'"):
        await office.jobs.diff(oldest.id, None, "shoeSize", None)
    manager = await office.jobs.diff(oldest.id, None, "manager", None)
    assert "manager cannot be compared" in manager.diff.unknown[0]


async def test_groups_nestings_and_products_are_compared_row_by_row(office: Office) -> None:
    sku = office.tenant.add_product("E9", 10)
    team, crew = office.tenant.add_group("Team"), office.tenant.add_group("Crew")
    office.clock.advance(60)
    await office.run()
    office.tenant.change_group(team, name="Squad")
    office.tenant.remove_group(crew)
    new = office.tenant.add_group("New")
    office.tenant.join(new, team)
    office.tenant.set_seats(sku, 20)
    office.clock.advance(60)
    await office.run()
    newest, before, *_ = await office.jobs.snapshots()

    compared = await office.jobs.diff(before.id, newest.id, None, None)

    groups, nested, products = compared.kinds
    assert (groups.new, groups.gone, groups.changed) == (1, 1, 1)
    renamed = {each.key: each for each in groups.rows}[(team,)]
    assert (renamed.before, renamed.after) == ({"name": "Team"}, {"name": "Squad"})
    assert [(each.key, each.status) for each in nested.rows] == [((new, team), "new")]
    (seats,) = products.rows
    assert (seats.key, seats.after) == ((sku,), {"enabled": "20"})
