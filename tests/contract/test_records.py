"""The promises of the Bundles, Plans and Runs ports."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables.aio import TableClient, TableServiceClient

from adapters.tables.account import Tables
from adapters.tables.bundles import TableBundles
from adapters.tables.plans import TablePlans
from adapters.tables.runs import TableRuns
from adapters.tables.table import Table, Write
from adapters.warehouse.blobs import Blobs
from domain.bundle import Bundle
from domain.change import Action, Change
from domain.errors import Conflict, Never
from domain.ledger import Leave, Wait
from domain.plan import Plan, PlanState, Spared
from domain.ports import Bundles, Plans, Runs
from domain.records import Run, RunState, StoredBundle, StoredPlan, StoredTenant
from domain.tenant_policy import TenantPolicy
from tests.contract.azurite import Azurite
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


async def put(bundles: Bundles, one: Bundle, by: str = "ada", at: datetime = NOON) -> StoredBundle:
    """Store one bundle alone."""
    [stored] = await bundles.put([one], by, at)
    return stored


async def test_a_bundle_is_read_back_as_it_was_stored(bundles: Bundles) -> None:
    assert await bundles.all() == []
    assert await bundles.get("e5") is None
    assert await bundles.history("e5") == []

    stored = await put(bundles, bundle(), "ada@example.com")

    assert stored == StoredBundle(bundle(), 1, NOON, "ada@example.com")
    assert await bundles.get("e5") == stored
    assert await bundles.all() == [stored]
    assert await bundles.history("e5") == [stored]


async def test_unchanged_content_makes_no_new_version(bundles: Bundles) -> None:
    first = await put(bundles, bundle())
    assert await put(bundles, bundle(), "bob", LATER) == first
    assert await bundles.history("e5") == [first]


async def test_changed_content_makes_a_new_version_and_the_old_one_stays(bundles: Bundles) -> None:
    first = await put(bundles, bundle())
    second = await put(bundles, bundle(owner="Bob"), "bob", LATER)

    assert second == StoredBundle(bundle(owner="Bob"), 2, LATER, "bob")
    assert await bundles.get("e5") == second
    assert await bundles.all() == [second]
    assert await bundles.history("e5") == [second, first]


async def test_bundles_come_in_order_of_id(bundles: Bundles) -> None:
    for number, id in enumerate(["b", "a-1", "a", "c"]):
        await put(bundles, bundle(id, number))
    assert [stored.bundle.id for stored in await bundles.all()] == ["a", "a-1", "b", "c"]


async def test_the_history_of_one_bundle_is_not_that_of_another(bundles: Bundles) -> None:
    await put(bundles, bundle("a", 1))
    await put(bundles, bundle("a-1", 2))
    assert [stored.bundle.id for stored in await bundles.history("a")] == ["a"]


async def test_a_push_stores_what_changed_and_answers_in_its_own_order(bundles: Bundles) -> None:
    await put(bundles, bundle("a", 1))
    await put(bundles, bundle("b", 2))

    pushed = [bundle("c", 3), bundle("a", 1), bundle("b", 2, owner="Bob")]
    stored = await bundles.put(pushed, "bob", LATER)

    assert stored == [
        StoredBundle(bundle("c", 3), 1, LATER, "bob"),
        StoredBundle(bundle("a", 1), 1, NOON, "ada"),
        StoredBundle(bundle("b", 2, owner="Bob"), 2, LATER, "bob"),
    ]
    assert await bundles.all() == [stored[1], stored[2], stored[0]]
    assert [len(await bundles.history(id)) for id in "abc"] == [1, 2, 1]


async def test_a_push_of_nothing_stores_nothing(bundles: Bundles) -> None:
    assert await bundles.put([], "ada", NOON) == []
    assert await bundles.all() == []
    assert await bundles.tenant() is None


@pytest.mark.parametrize("count", [30, 130])
async def test_a_push_may_be_long(bundles: Bundles, count: int) -> None:
    pushed = [bundle(f"b-{n:03}", n) for n in range(count)]
    stored = await bundles.put(pushed, "ada", NOON, TENANT)

    assert await bundles.all() == stored == [StoredBundle(one, 1, NOON, "ada") for one in pushed]
    assert await bundles.put(pushed, "bob", LATER, TENANT) == stored
    assert await bundles.all() == stored
    assert len(await bundles.tenant_history()) == 1


# Nine such bundles are more than a transaction holds; aiohttp would rather stream more than 1 MiB.
@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_a_push_of_long_bundles_is_stored_whole(bundles: Bundles) -> None:
    everyone = [guid(number) for number in range(1000, 1500)]
    reason = {"until": "2027-01-01", "reason": "Zürich „Süd“".ljust(60, "😀")}
    policy = {
        "people": everyone,
        "groups": everyone,
        "requests": [{"person": one, **reason} for one in everyone[:300]],
    }
    pushed = [bundle(f"b-{n}", n, policy=policy) for n in range(9)]

    stored = await bundles.put(pushed, "ada", NOON)

    assert await bundles.all() == stored
    assert [one.bundle for one in stored] == pushed
    shorter = await put(bundles, bundle("b-0", 0), "ada", LATER)
    assert await bundles.get("b-0") == shorter


async def test_one_bad_bundle_in_a_push_changes_nothing(bundles: Bundles) -> None:
    await put(bundles, bundle("old", 1))
    bad = {
        "takes the target of another": bundle("new", 1),
        "shares a target within the push": bundle("new", 50),
        "comes twice": bundle("b-049", 60),
        "is too long": bundle("new", 99, policy=TOO_LONG),
    }
    good = [bundle("old", 1, owner="Bob"), *(bundle(f"b-{n:03}", n) for n in range(2, 51))]
    before = await bundles.all()

    for why, one in bad.items():
        with pytest.raises(Never):
            await bundles.put([*good, one], "ada", LATER, TENANT)
        assert await bundles.all() == before, why
        assert await bundles.tenant() is None, why

    too_long = TenantPolicy.model_validate({"exclusive_plans": [("A" * 60, "B" * 60)] * 1_000})
    with pytest.raises(Never):
        await bundles.put(good, "ada", LATER, too_long)
    assert await bundles.all() == before


async def test_two_bundles_cannot_share_a_target(bundles: Bundles) -> None:
    await put(bundles, bundle("first", 1))
    with pytest.raises(Never, match="first"):
        await put(bundles, bundle("second", 1))
    assert await bundles.get("second") is None


async def test_two_bundles_cannot_swap_their_targets(bundles: Bundles) -> None:
    before = await bundles.put([bundle("first", 1), bundle("second", 2)], "ada", NOON)
    with pytest.raises(Never):
        await bundles.put([bundle("first", 2), bundle("second", 1)], "ada", LATER)
    assert await bundles.all() == before


async def test_a_target_that_was_left_is_free(bundles: Bundles) -> None:
    await put(bundles, bundle("first", 1))
    await put(bundles, bundle("first", 2))
    await put(bundles, bundle("second", 1))
    with pytest.raises(Never, match="second"):
        await put(bundles, bundle("first", 1))


TOO_LONG = {
    "people": [guid(number) for number in range(1000, 1500)],
    "requests": [
        {"person": guid(number), "until": "2027-01-01", "reason": "r" * 200}
        for number in range(1000, 1500)
    ],
}


async def test_a_bundle_that_is_too_long_is_refused_with_a_fix(bundles: Bundles) -> None:
    with pytest.raises(Never) as refused:
        await put(bundles, bundle(policy=TOO_LONG))
    assert "source group" in refused.value.fix
    assert await bundles.get("e5") is None


async def test_of_two_who_store_at_once_one_is_told(bundles: Bundles) -> None:
    await put(bundles, bundle())

    puts = [put(bundles, bundle(owner=name), name, LATER) for name in ("Bob", "Eve")]
    answers = await asyncio.gather(*puts, return_exceptions=True)

    latest = await bundles.get("e5")
    stored = [answer for answer in answers if isinstance(answer, StoredBundle)]
    assert latest in stored
    assert len(stored) + sum(isinstance(answer, Conflict) for answer in answers) == 2
    assert len(await bundles.history("e5")) == 1 + len(stored)


async def test_of_two_pushes_at_once_none_is_stored_by_half(bundles: Bundles) -> None:
    await bundles.put([bundle("a", 1), bundle("b", 2)], "ada", NOON)

    pushes = [
        bundles.put([bundle("a", 1, owner=name), bundle("b", 2, owner=name)], name, LATER)
        for name in ("Bob", "Eve")
    ]
    answers = await asyncio.gather(*pushes, return_exceptions=True)

    latest = await bundles.all()
    assert latest in answers
    assert latest[0].by == latest[1].by
    assert all(isinstance(answer, list | Conflict) for answer in answers)


async def test_of_two_new_bundles_with_one_target_one_is_stored(bundles: Bundles) -> None:
    puts = [put(bundles, bundle(name, 1), name) for name in ("one", "two")]
    await asyncio.gather(*puts, return_exceptions=True)
    assert len(await bundles.all()) == 1


TENANT = TenantPolicy.model_validate(
    {
        "pools": [{"name": "Süd", "product": guid(900), "seats": 5, "bundles": ["e5"]}],
        "prices": [{"product": guid(900), "monthly": 38.5, "currency": "EUR"}],
    }
)


async def test_the_tenants_policy_is_stored_with_history(bundles: Bundles) -> None:
    assert await bundles.tenant() is None
    assert await bundles.tenant_history() == []

    assert await bundles.put([], "ada", NOON, TENANT) == []
    first = StoredTenant(TENANT, 1, NOON, "ada")
    assert await bundles.tenant() == first
    await bundles.put([bundle()], "bob", LATER, TENANT)
    assert await bundles.tenant_history() == [first]

    dry = TENANT.model_copy(update={"mode": "dry-run"})
    await bundles.put([bundle()], "bob", LATER, dry)
    second = StoredTenant(dry, 2, LATER, "bob")
    assert await bundles.tenant() == second
    assert await bundles.tenant_history() == [second, first]
    assert [stored.version for stored in await bundles.all()] == [1]


async def test_a_push_without_a_tenants_policy_leaves_it_as_it_is(bundles: Bundles) -> None:
    await bundles.put([], "ada", NOON, TENANT)
    await bundles.put([bundle()], "bob", LATER)
    assert await bundles.tenant() == StoredTenant(TENANT, 1, NOON, "ada")


OLDER_BUNDLE = json.dumps(
    {
        "id": "e5",
        "name": "E5",
        "target": {"group": guid(1)},
        "products": [{"sku": guid(900), "disabled_plans": []}],
        "policy": {"groups": [guid(3)], "excluded": {"rule": None, "groups": [], "people": []}},
        "unmanaged": "keep",
        "limits": {"revokes": {"percent": 20.0, "floor": 5}},
    }
)


async def test_a_bundle_of_an_older_version_is_read_and_is_unchanged(
    tables: Tables, fresh: str
) -> None:
    await write_older(tables, fresh, OLDER_BUNDLE)
    bundles = TableBundles(tables.table(fresh))

    stored = await bundles.get("e5")

    assert stored is not None
    assert [group.id for group in stored.bundle.policy.groups] == [guid(3)]
    assert await bundles.put([stored.bundle], "bob", LATER) == [stored]


async def test_a_bundle_that_makes_no_sense_any_more_can_be_stored_again(
    tables: Tables, fresh: str
) -> None:
    await write_older(tables, fresh, OLDER_BUNDLE.replace('"unmanaged"', '"gone"'))
    bundles = TableBundles(tables.table(fresh))
    with pytest.raises(Never, match="Store it again"):
        await bundles.all()

    stored = await put(bundles, bundle(), "bob", LATER)

    assert stored.version == 2
    assert await bundles.all() == [stored]


async def write_older(tables: Tables, name: str, text: str) -> None:
    values = {"bundle": text, "version": 1, "at": NOON.isoformat(), "by": "ada"}
    rows = [
        Write("insert", "latest:e5", values),
        Write("insert", f"version:e5:{10**9 - 1:09d}", values),
        Write("insert", f"target:{guid(1)}", {"bundle": "e5"}),
    ]
    await tables.table(name).write("bundles", rows)


def plan(id: str = "e5", **others: object) -> Plan:
    changes = (
        Change(Action.REVOKE, guid(1), "No longer in Finance."),
        Change(Action.GRANT, guid(2), 'Rule: user.city -eq "Zürich"'),
        Change(Action.GRANT, guid(3), 'Rule: user.city -eq "Zürich"'),
    )
    made = Plan(
        id,
        guid(77),
        9,
        8,
        changes,
        waiting=(Wait(guid(4), "2026-11-01", "No seat."),),
        leaving=(Leave(guid(5), "2026-11-01", "Grace „14d“."),),
        spared=(
            Spared(Action.REVOKE, guid(6), "Protected."),
            Spared(Action.GRANT, guid(7), 'Rule: user.city -eq "Zürich"'),
        ),
        kept=2,
    )
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
    assert (stored.leaves, stored.spares, stored.decided_by) == (1, 2, "")
    assert (stored.changes, stored.waiting) == (made.changes, made.waiting)
    assert (stored.leaving, stored.spared) == (made.leaving, made.spared)


async def test_a_plan_that_was_released_says_by_whom(plans: Plans) -> None:
    stored = await plans.keep(plan().hold("Too many.").release("Zoë"), "run-1", NOON)
    assert (stored.state, stored.decided_by, stored.held) == ("sent", "Zoë", ())
    assert await plans.get(stored.id) == stored


async def test_a_mark_shows_wherever_the_plan_is_read(plans: Plans) -> None:
    stored = await plans.keep(plan().hold("Too many."), "run-1", NOON)
    other = await plans.keep(plan("f3"), "run-1", NOON)

    await plans.mark(stored.id, PlanState.REFUSED, "Zoë", "„Nicht heute“ 😀")

    marked = replace(stored, state="refused", decided_by="Zoë", decided_because="„Nicht heute“ 😀")
    assert await plans.get(stored.id) == marked
    assert await plans.recent(10, "e5") == [listed(marked)]
    assert listed(marked) in await plans.recent(10)
    assert await plans.recent(10, "f3") == [listed(other)]
    assert len(await plans.recent(10)) == 2


async def test_a_mark_without_a_name_and_a_reason_leaves_those_that_stand(plans: Plans) -> None:
    stored = await plans.keep(plan().hold("Too many."), "run-1", NOON)

    await plans.mark(stored.id, PlanState.RELEASED, "Zoë", "Agreed.")
    await plans.mark(stored.id, PlanState.SENT)
    [sent] = await plans.recent(1)
    assert (sent.state, sent.decided_by, sent.decided_because) == ("sent", "Zoë", "Agreed.")

    await plans.mark(stored.id, PlanState.VOID, because="A newer plan came.")
    [void] = await plans.recent(1)
    assert (void.state, void.decided_by, void.decided_because) == ("void", "", "A newer plan came.")


async def test_of_many_marks_at_once_every_listing_shows_the_same(plans: Plans) -> None:
    stored = await plans.keep(plan().hold("Too many."), "run-1", NOON)
    states = [PlanState.RELEASED, PlanState.REFUSED, PlanState.VOID]

    marks = [plans.mark(stored.id, state, f"by {state}") for state in states]
    answers = await asyncio.gather(*marks, return_exceptions=True)

    assert all(answer is None or isinstance(answer, Conflict) for answer in answers)
    [here], [there] = await plans.recent(2, "e5"), await plans.recent(2)
    assert here == there
    assert here.decided_by == f"by {here.state}"


class InterruptedTable(Table):
    """A table where something else happens first when a row is next written to a partition."""

    def __init__(self, client: TableClient) -> None:
        super().__init__(client)
        self.first: dict[str, Callable[[], Awaitable[None]]] = {}

    async def write(self, partition: str, operations: Sequence[Write]) -> list[str]:
        if first := self.first.pop(partition, None):
            await first()
        return await super().write(partition, operations)


async def test_a_mark_that_is_overtaken_does_not_stay_in_any_listing(
    azurite: Azurite, key: AzureNamedKeyCredential, blobs: Blobs, fresh: str
) -> None:
    async with TableServiceClient(azurite.tables, credential=key) as service:
        table = InterruptedTable(service.get_table_client(fresh))
        plans = TablePlans(table, blobs)
        stored = await plans.keep(plan().hold("Too many."), "run-1", NOON)
        table.first["~all"] = partial(plans.mark, stored.id, PlanState.REFUSED, "Bob", "No.")

        await plans.mark(stored.id, PlanState.RELEASED, "Zoë", "Agreed.")

        [here], [there] = await plans.recent(2, "e5"), await plans.recent(2)
        assert (here.state, here.decided_by) == ("refused", "Bob")
        assert there == here


async def test_a_plan_that_was_never_kept_cannot_be_marked(plans: Plans) -> None:
    for unknown in ("e5.1-2", "../../etc?x=/#", ""):
        with pytest.raises(Never):
            await plans.mark(unknown, PlanState.VOID)
    assert await plans.recent(5) == []


async def test_a_plan_held_for_many_reasons_is_kept(plans: Plans) -> None:
    reasons = [f"Source group {guid(n)} „Süd“ is gone: it had {n} members." for n in range(600)]
    made = plan()
    for reason in reasons:
        made = made.hold(reason)

    stored = await plans.keep(made, "run-1", NOON)

    assert stored.held == tuple(reasons)
    assert await plans.get(stored.id) == stored
    await plans.mark(stored.id, PlanState.REFUSED, "Zoë")
    [listing] = await plans.recent(1)
    assert (listing.held, listing.state) == (stored.held, "refused")


async def test_a_plan_of_an_older_version_is_read_and_marked(
    tables: Tables, blobs: Blobs, fresh: str
) -> None:
    table, plans = tables.table(fresh), TablePlans(tables.table(fresh), blobs)
    row = {
        "id": "e5.8-f1",
        "bundle": "e5",
        "target": guid(77),
        "fingerprint": "f1",
        "run": "run-1",
        "at": NOON.isoformat(),
        "state": "held",
        "held": '["Too many."]',
        **dict.fromkeys(["entitled", "holders", "grants", "revokes", "kept", "waits"], 1),
    }
    body = {
        "reasons": ["Listed."],
        "changes": [[guid(1), "+", 0]],
        "waiting": [[guid(2), "2026-11-01", "No seat."]],
    }
    for partition in ("e5", "~all"):
        await table.write(partition, [Write("insert", "8-f1", row)])
    await blobs.write("e5.8-f1.json.gz", gzip.compress(json.dumps(body).encode()))

    stored = await plans.get("e5.8-f1")

    assert stored is not None
    assert stored.changes == (Change(Action.GRANT, guid(1), "Listed."),)
    assert stored.waiting == (Wait(guid(2), "2026-11-01", "No seat."),)
    assert (stored.held, stored.leaves, stored.leaving, stored.spared) == (
        ("Too many.",),
        0,
        (),
        (),
    )
    await plans.mark("e5.8-f1", PlanState.REFUSED, "Zoë", "No.")
    assert await plans.recent(5) == await plans.recent(5, "e5")
    assert [one.decided_by for one in await plans.recent(5)] == ["Zoë"]


def listed(stored: StoredPlan) -> StoredPlan:
    """Return a plan as listings show it."""
    return replace(stored, changes=(), waiting=(), leaving=(), spared=())


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
    newest = [listed(one) for one in reversed(kept)]

    assert await plans.recent(10) == newest
    assert await plans.recent(2) == newest[:2]
    assert await plans.recent(2, "f3") == [newest[1], newest[3]]
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
