"""The promises of the Bundles, Plans and Runs ports."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.tables.bundles import TableBundles
from adapters.tables.plans import TablePlans
from adapters.tables.runs import TableRuns
from domain.bundle import Bundle
from domain.change import Action, Change
from domain.errors import Conflict, Never
from domain.ledger import Wait
from domain.plan import Plan
from domain.ports import Bundles, Plans, Runs
from domain.records import Run, RunState, StoredBundle
from tests.contract.conftest import MEMORY_AND_AZURITE
from tests.fakes.records import FakeBundles, FakePlans, FakeRuns

NOON = datetime(2026, 11, 2, 12, 0, 0, 654321, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@pytest.fixture(params=MEMORY_AND_AZURITE)
def bundles(request: pytest.FixtureRequest) -> Bundles:
    if request.param == "memory":
        return FakeBundles()
    fresh = request.getfixturevalue("fresh")
    return TableBundles(request.getfixturevalue("tables").table(fresh))


@pytest.fixture(params=MEMORY_AND_AZURITE)
def plans(request: pytest.FixtureRequest) -> Plans:
    if request.param == "memory":
        return FakePlans()
    tables, fresh = request.getfixturevalue("tables"), request.getfixturevalue("fresh")
    return TablePlans(tables.table(fresh), request.getfixturevalue("blobs"))


@pytest.fixture(params=MEMORY_AND_AZURITE)
def runs(request: pytest.FixtureRequest) -> Runs:
    if request.param == "memory":
        return FakeRuns()
    fresh = request.getfixturevalue("fresh")
    return TableRuns(request.getfixturevalue("tables").table(fresh))


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def bundle(id: str = "e5", target: int = 1, **others: object) -> Bundle:
    policy = {"rule": 'user.department -eq "Zürich „Süd“"'}
    return Bundle.model_validate(
        {
            "id": id,
            "name": f"Bundle {id}",
            "target": {"group": guid(target)},
            "products": [{"sku": guid(900)}],
            "policy": policy,
            **others,
        }
    )


async def test_a_bundle_is_read_back_as_it_was_stored(bundles: Bundles) -> None:
    assert await bundles.all() == []
    assert await bundles.get("e5") is None
    assert await bundles.history("e5") == []

    stored = await bundles.put(bundle(), "ada@example.com", NOON)

    assert stored == StoredBundle(bundle(), 1, NOON, "ada@example.com")
    assert await bundles.get("e5") == stored
    assert await bundles.all() == [stored]
    assert await bundles.history("e5") == [stored]


async def test_unchanged_content_makes_no_new_version(bundles: Bundles) -> None:
    first = await bundles.put(bundle(), "ada", NOON)
    assert await bundles.put(bundle(), "bob", LATER) == first
    assert await bundles.history("e5") == [first]


async def test_changed_content_makes_a_new_version_and_the_old_one_stays(bundles: Bundles) -> None:
    first = await bundles.put(bundle(), "ada", NOON)
    second = await bundles.put(bundle(owner="Bob"), "bob", LATER)

    assert second == StoredBundle(bundle(owner="Bob"), 2, LATER, "bob")
    assert await bundles.get("e5") == second
    assert await bundles.history("e5") == [second, first]


async def test_bundles_come_in_order_of_id(bundles: Bundles) -> None:
    for number, id in enumerate(["b", "a-1", "a", "c"]):
        await bundles.put(bundle(id, number), "ada", NOON)
    assert [stored.bundle.id for stored in await bundles.all()] == ["a", "a-1", "b", "c"]


async def test_the_history_of_one_bundle_is_not_that_of_another(bundles: Bundles) -> None:
    await bundles.put(bundle("a", 1), "ada", NOON)
    await bundles.put(bundle("a-1", 2), "ada", NOON)
    assert [stored.bundle.id for stored in await bundles.history("a")] == ["a"]


async def test_two_bundles_cannot_share_a_target(bundles: Bundles) -> None:
    await bundles.put(bundle("first", 1), "ada", NOON)
    with pytest.raises(Never, match="first"):
        await bundles.put(bundle("second", 1), "ada", NOON)
    assert await bundles.get("second") is None


async def test_a_target_that_was_left_is_free(bundles: Bundles) -> None:
    await bundles.put(bundle("first", 1), "ada", NOON)
    await bundles.put(bundle("first", 2), "ada", NOON)
    await bundles.put(bundle("second", 1), "ada", NOON)
    with pytest.raises(Never, match="second"):
        await bundles.put(bundle("first", 1), "ada", NOON)


async def test_a_bundle_that_is_too_long_is_refused_with_a_fix(bundles: Bundles) -> None:
    everyone = [guid(number) for number in range(1000, 1499)]
    long = bundle(policy={"people": everyone, "groups": everyone})
    with pytest.raises(Never) as refused:
        await bundles.put(long, "ada", NOON)
    assert "source group" in refused.value.fix
    assert await bundles.get("e5") is None


async def test_of_two_who_store_at_once_one_is_told(bundles: Bundles) -> None:
    await bundles.put(bundle(), "ada", NOON)

    puts = [bundles.put(bundle(owner=name), name, LATER) for name in ("Bob", "Eve")]
    answers = await asyncio.gather(*puts, return_exceptions=True)

    latest = await bundles.get("e5")
    stored = [answer for answer in answers if isinstance(answer, StoredBundle)]
    assert latest in stored
    assert len(stored) + sum(isinstance(answer, Conflict) for answer in answers) == 2
    assert len(await bundles.history("e5")) == 1 + len(stored)


async def test_of_two_new_bundles_with_one_target_one_is_stored(bundles: Bundles) -> None:
    puts = [bundles.put(bundle(name, 1), name, NOON) for name in ("one", "two")]
    await asyncio.gather(*puts, return_exceptions=True)
    assert len(await bundles.all()) == 1


def plan(id: str = "e5", **others: object) -> Plan:
    changes = (
        Change(Action.REVOKE, guid(1), "No longer in Finance."),
        Change(Action.GRANT, guid(2), 'Rule: user.city -eq "Zürich"'),
        Change(Action.GRANT, guid(3), 'Rule: user.city -eq "Zürich"'),
    )
    waiting = (Wait(guid(4), "2026-11-01", "No seat."),)
    made = Plan(id, guid(77), 9, 8, changes, waiting, kept=2)
    return replace(made, **others)  # type: ignore[arg-type]


async def test_a_plan_is_read_back_with_all_of_its_changes(plans: Plans) -> None:
    made = plan().hold("Too many revokes: 5 of 8.").hold("Zu viele „Revokes“.")

    stored = await plans.keep(made, "run-1", NOON)

    assert await plans.get(stored.id) == stored
    assert stored.fingerprint == made.fingerprint
    assert (stored.bundle, stored.target, stored.run, stored.at) == ("e5", guid(77), "run-1", NOON)
    assert (stored.state, stored.held) == ("held", made.held)
    assert (stored.entitled, stored.holders, stored.kept, stored.waits) == (9, 8, 2, 1)
    assert (stored.grants, stored.revokes) == (2, 1)
    assert (stored.changes, stored.waiting) == (made.changes, made.waiting)


async def test_a_plan_that_was_never_kept_is_not_found(plans: Plans) -> None:
    assert await plans.get("e5.1-2") is None
    assert await plans.get("../../etc?x=/#") is None
    assert await plans.get("") is None
    assert await plans.recent(5) == []


async def test_the_newest_plans_come_first_and_without_changes(plans: Plans) -> None:
    kept = [
        await plans.keep(plan(id), f"run-{n}", NOON + timedelta(seconds=n))
        for n, id in enumerate(["e5", "f3", "e5", "f3", "e5"])
    ]
    listed = [replace(one, changes=(), waiting=()) for one in reversed(kept)]

    assert await plans.recent(10) == listed
    assert await plans.recent(2) == listed[:2]
    assert await plans.recent(2, "f3") == [listed[1], listed[3]]
    assert await plans.recent(2, "none") == []


async def test_a_plan_that_is_kept_twice_is_one_plan(plans: Plans) -> None:
    first = await plans.keep(plan(), "run-1", NOON)
    assert await plans.keep(plan(), "run-1", NOON) == first
    assert len(await plans.recent(10)) == 1


async def test_a_large_plan_is_kept_whole(plans: Plans) -> None:
    changes = tuple(Change(Action.GRANT, guid(n), f"Reason {n % 7}.") for n in range(20_000))
    stored = await plans.keep(plan(changes=changes), "run-1", NOON)
    again = await plans.get(stored.id)
    assert again is not None
    assert again.changes == changes


async def test_a_run_is_read_back_as_it_stands(runs: Runs) -> None:
    assert await runs.get("run-1") is None

    queued = Run("run-1", RunState.QUEUED, NOON)
    await runs.keep(queued)
    assert await runs.get("run-1") == queued

    done = replace(queued, state=RunState.DONE, finished_at=LATER, people=7, bundles=2, changes=5)
    await runs.keep(done)
    assert await runs.get("run-1") == done

    failed = replace(queued, state=RunState.FAILED, finished_at=LATER, reason="Graph said „no“.")
    await runs.keep(failed)
    assert await runs.get("run-1") == failed


async def test_a_run_by_any_id_is_found_by_it(runs: Runs) -> None:
    run = Run("timer/2026-11-02T12:00 #1?", RunState.DONE, NOON)
    await runs.keep(run)
    assert await runs.get(run.id) == run
    assert await runs.get("timer/") is None
