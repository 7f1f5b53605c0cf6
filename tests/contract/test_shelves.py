"""The promises of the Shelves port."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adapters.shelves.shelves import BlobShelves
from adapters.warehouse.blobs import BlobAccount
from domain.errors import Later, Never
from domain.kinds import FURTHER, KINDS, Kind, Type
from domain.kinds.kind import Cell, Row
from domain.kinds.owners import Owner
from domain.ports.shelves import Failure, Filling, Load, Reading, Shelf, Shelves
from tests.contract.conftest import MEMORY_AND_AZURITE
from tests.fakes.faults import Crash
from tests.fakes.shelves import FakeShelves

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
OWNERS = KINDS["owners"]
ADA, BOB, EVE = (Owner("g", name, "person") for name in ("ada", "bob", "eve"))
CELLS: dict[Type, Cell] = {
    Type.TEXT: "Ünïcode, with a comma",
    Type.FLAG: False,
    Type.NUMBER: 7,
    Type.MOMENT: datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
    Type.DAY: date(2026, 10, 30),
    Type.TEXTS: ("a", "b"),
}


@pytest.fixture(params=MEMORY_AND_AZURITE)
def shelves(request: pytest.FixtureRequest) -> Shelves:
    if request.param == "memory":
        return FakeShelves()
    return BlobShelves(request.getfixturevalue("blobs"))


async def read(shelves: Shelves, kind: Kind = OWNERS) -> list[Row]:
    return [row async for rows in shelves.rows(kind) for row in rows]


async def shelf_of(shelves: Shelves, kind: Kind = OWNERS) -> Shelf:
    return (await shelves.stand([kind]))[kind.name]


async def keep(shelves: Shelves, *rows: Row, at: datetime = NOON, remarks: Any = ()) -> Load:
    async with shelves.fill(OWNERS) as filling:
        return await fill(filling, rows, at, remarks)


async def fill(filling: Filling | None, rows: Iterable[Row], at: datetime, remarks: Any) -> Load:
    assert filling is not None
    await filling.begin(at)
    for row in rows:
        await filling.add([row])
    return await filling.keep(remarks)


async def test_a_kind_nobody_read_has_an_empty_shelf_and_no_rows(shelves: Shelves) -> None:
    assert await shelves.stand(FURTHER) == {kind.name: Shelf() for kind in FURTHER}
    with pytest.raises(Never, match=r"no complete read of owners.*INVENTORY_OWNERS"):
        await read(shelves)


async def test_what_was_kept_is_read_again_page_after_page(shelves: Shelves) -> None:
    load = await keep(shelves, ADA, BOB, remarks=["Groups without owners are left out."])

    assert await read(shelves) == [ADA, BOB]
    assert load == Load(NOON, 2, ("Groups without owners are left out.",))
    assert await shelf_of(shelves) == Shelf(load)


async def test_a_kind_of_which_there_is_nothing_is_read_and_empty(shelves: Shelves) -> None:
    await keep(shelves)

    assert await read(shelves) == []


async def test_a_later_read_takes_the_place_of_the_one_before(shelves: Shelves) -> None:
    await keep(shelves, ADA, BOB)
    await keep(shelves, EVE, at=NOON + timedelta(days=1))

    assert await read(shelves) == [EVE]


@pytest.mark.parametrize("kind", FURTHER, ids=[kind.name for kind in FURTHER])
async def test_cells_of_every_kind_come_back_as_they_were(shelves: Shelves, kind: Kind) -> None:
    full = tuple(CELLS[column.type] for column in kind.columns)
    bare = tuple(() if column.type is Type.TEXTS else None for column in kind.columns)
    async with shelves.fill(kind) as filling:
        await fill(filling, [full, bare], NOON, ())

    assert await read(shelves, kind) == [full, bare]


async def test_a_read_that_is_not_kept_leaves_the_one_before(shelves: Shelves) -> None:
    await keep(shelves, ADA)
    async with shelves.fill(OWNERS) as filling:
        assert filling is not None
        await filling.begin(NOON)
        await filling.add([BOB])

    assert await read(shelves) == [ADA]


async def test_what_is_set_aside_is_gone_on_with_by_the_next_run(shelves: Shelves) -> None:
    await keep(shelves, EVE, at=NOON - timedelta(days=1))
    async with shelves.fill(OWNERS) as first:
        assert first is not None
        await first.begin(NOON)
        await first.add([ADA])
        await first.set_aside("page-2", ["Slow today."])
    assert (await shelf_of(shelves)).reading == Reading(NOON, 1, "page-2", ("Slow today.",))
    assert await read(shelves) == [EVE]

    async with shelves.fill(OWNERS) as second:
        assert second is not None
        await second.add([BOB])
        load = await second.keep(["Slow today."])

    assert load == Load(NOON, 2, ("Slow today.",))
    assert await read(shelves) == [ADA, BOB]
    assert (await shelf_of(shelves)).reading is None


async def test_one_run_may_set_aside_and_go_on_itself(shelves: Shelves) -> None:
    async with shelves.fill(OWNERS) as filling:
        assert filling is not None
        await filling.begin(NOON)
        await filling.add([ADA])
        await filling.set_aside("page-2", [])
        await filling.add([BOB])
        await filling.keep([])

    assert await read(shelves) == [ADA, BOB]


async def test_rows_at_the_beginning_can_be_left_out(shelves: Shelves) -> None:
    async with shelves.fill(OWNERS) as filling:
        assert filling is not None
        await filling.begin(NOON)
        await filling.add([ADA, BOB])
        await filling.set_aside("next", [])
        await filling.add([EVE])
        await filling.keep([])

    for skip in range(5):
        found = [row async for rows in shelves.rows(OWNERS, skip) for row in rows]
        assert found == [ADA, BOB, EVE][skip:]


async def test_rows_are_left_out_where_a_file_has_thousands(shelves: Shelves) -> None:
    many = [Owner(f"group-{number:04}", "ada", "person") for number in range(5_000)]
    async with shelves.fill(OWNERS) as filling:
        assert filling is not None
        await filling.begin(NOON)
        await filling.add(many)
        await filling.keep([])

    for skip in (4_095, 4_096, 4_097, 4_999, 5_000):
        found = [row async for rows in shelves.rows(OWNERS, skip) for row in rows]
        assert found == many[skip:]


async def test_beginning_anew_forgets_what_was_set_aside(shelves: Shelves) -> None:
    async with shelves.fill(OWNERS) as filling:
        assert filling is not None
        await filling.begin(NOON)
        await filling.add([ADA])
        await filling.set_aside("page-2", [])

    await keep(shelves, BOB)

    assert await read(shelves) == [BOB]


async def test_a_failure_is_noted_beside_what_is_there_until_a_read_succeeds(
    shelves: Shelves,
) -> None:
    failure = Failure(NOON, "Graph denied the request.")
    load = await keep(shelves, ADA)
    async with shelves.fill(OWNERS) as filling:
        assert filling is not None
        await filling.fail(failure)
    assert await shelf_of(shelves) == Shelf(load, failure=failure)
    assert await read(shelves) == [ADA]

    again = await keep(shelves, ADA)

    assert await shelf_of(shelves) == Shelf(again)


async def test_a_shelf_is_filled_by_one_run_at_a_time(shelves: Shelves) -> None:
    async with shelves.fill(OWNERS) as first, shelves.fill(OWNERS) as second:
        assert first is not None
        assert second is None
        async with shelves.fill(KINDS["domains"]) as other:
            assert other is not None
    async with shelves.fill(OWNERS) as afterwards:
        assert afterwards is not None


async def test_a_crash_before_the_pointer_moves_leaves_the_read_before() -> None:
    shelves = FakeShelves()
    await keep(shelves, ADA)
    shelves.fail_next("swap")
    with pytest.raises(Crash):
        await keep(shelves, BOB)

    assert await read(shelves) == [ADA]


class TestInBlobs:
    """What only the adapter can show."""

    async def test_many_rows_are_divided_into_groups_and_files(
        self, azurite_blobs: BlobAccount, fresh: str
    ) -> None:
        shelves = BlobShelves(azurite_blobs.container(fresh))
        rows = [Owner(f"g{n}", f"{n:036}", "person") for n in range(9_000)]
        async with shelves.fill(OWNERS) as filling:
            assert filling is not None
            await filling.begin(NOON)
            await filling.add(rows[:7_000])
            await filling.set_aside("next", [])
            await filling.add(rows[7_000:])
            await filling.keep([])

        assert await read(shelves) == rows
        assert sum([len(table) async for table in shelves.tables(OWNERS)]) == 9_000

    async def test_files_of_two_reads_ago_are_deleted_once_nobody_can_be_at_them(
        self, azurite_blobs: BlobAccount, fresh: str
    ) -> None:
        blobs = azurite_blobs.container(fresh)
        shelves = BlobShelves(blobs)
        later = datetime.now(UTC) + timedelta(hours=2)  # noqa: TID251 - Azurite has its own clock
        for row in (ADA, BOB, EVE):
            await keep(shelves, row, at=later)

        files = [name for name in await blobs.names("owners/") if name.endswith(".parquet")]
        assert len(files) == 2

    async def test_a_file_that_is_gone_is_said_so(
        self, azurite_blobs: BlobAccount, fresh: str
    ) -> None:
        blobs = azurite_blobs.container(fresh)
        shelves = BlobShelves(blobs)
        await keep(shelves, ADA)
        for name in await blobs.names("owners/2"):
            await blobs.delete(name)

        with pytest.raises(Later, match="replaced while it was read"):
            await read(shelves)
