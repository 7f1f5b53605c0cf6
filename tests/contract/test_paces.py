"""The pace in a table: what one instance knows, all know; who writes second reads again."""

import asyncio

import pytest

from adapters.graph.pace.level import Belief, Level
from adapters.graph.pace.pacer import Pacer
from adapters.graph.pace.quota import Cost, Quota
from adapters.tables.account import Tables
from adapters.tables.paces import TablePaces
from domain.errors import Conflict


@pytest.fixture
def store(tables: Tables, fresh: str) -> TablePaces:
    return TablePaces(tables.table(fresh))


async def test_before_the_first_write_there_is_nothing(store: TablePaces) -> None:
    assert await store.read() == ({}, "")


async def test_what_is_written_is_read(store: TablePaces) -> None:
    level = Level(at=1.5, line=3.0, belief=Belief.CHEAP)
    await store.write(level.values(), "")
    values, version = await store.read()
    assert Level.of(values) == level
    assert version


async def test_who_is_second_is_told(store: TablePaces) -> None:
    first = await store.write({"line": 1.0}, "")
    with pytest.raises(Conflict):
        await store.write({"line": 2.0}, "")
    second = await store.write({"line": 2.0}, first)
    with pytest.raises(Conflict):
        await store.write({"line": 3.0}, first)
    await store.write({"line": 3.0}, second)


async def test_two_instances_do_not_pass_the_quota_together(store: TablePaces) -> None:
    quota = Quota(limit=100, window=100_000)
    pacers = [Pacer(quota, store, patience=0, store_patience=60) for _ in range(3)]

    async def admitted(pacer: Pacer) -> int:
        return sum([await pacer.enter(Cost(1, 1)) is None for _ in range(60)])

    counts = await asyncio.gather(*map(admitted, pacers))

    # An instance may keep a few it has taken ahead, and pass one where all write at once.
    assert 80 <= sum(counts) <= quota.limit


async def test_without_storage_an_instance_goes_on_alone() -> None:
    from azure.core.credentials import AzureNamedKeyCredential

    from adapters.credential import EMULATOR_ACCOUNT, EMULATOR_KEY

    key = AzureNamedKeyCredential(EMULATOR_ACCOUNT, EMULATOR_KEY)
    nowhere = Tables("http://127.0.0.1:9/devstoreaccount1", key, retries=0)
    pacer = Pacer(Quota(limit=100, window=100_000), TablePaces(nowhere.table("pace")), patience=0)

    admitted = [await pacer.enter(Cost(1, 1)) is None for _ in range(120)]
    await nowhere.close()

    assert sum(admitted) == 95
