"""The promises of the Warehouse port."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import pyarrow.parquet as pq
import pytest

from adapters.warehouse.blobs import Blob, BlobAccount, Blobs
from adapters.warehouse.files import read_products, write, write_products
from adapters.warehouse.manifest import POINTER
from adapters.warehouse.warehouse import BlobWarehouse
from domain.errors import Busy, Conflict, Held, Later
from domain.inventory.group import Group
from domain.inventory.people import Person, ServicePlan, Value
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.ports import GroupChange, GroupsPage, PeoplePage, Tokens, Turn, Warehouse
from domain.ports.directory import ManagerChange
from domain.ports.shelves import Failure
from tests.contract.conftest import MEMORY_AND_AZURITE
from tests.fakes.warehouse import FakeWarehouse

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
COST_CENTER = "extension_0123456789abcdef0123456789abcdef_costCenter"
PLANS = (ServicePlan("a", "exchange", "Enabled"), ServicePlan("b", "SCO", "Deleted"))
E5, P1 = "06ebc4ee-1bb5-47dd-8120-11324bc54e06", "078d2b04-f1bd-4111-bbd4-b4b1b354cef4"
PRODUCTS = {
    E5: Product(E5, "SPE_E5", 100, 5, 42, {"plan-a": "EXCHANGE"}, 3, 2),
    P1: Product(P1, "P1", 9),
}


@pytest.fixture(params=MEMORY_AND_AZURITE)
def warehouse(request: pytest.FixtureRequest) -> Warehouse:
    if request.param == "memory":
        return FakeWarehouse()
    return BlobWarehouse(request.getfixturevalue("blobs"))


def ada(department: str | None = "Finance", **others: Value) -> Person:
    return person("ada", department, E5, **others)


def person(id: str, department: str | None, *skus: str, **others: Value) -> Person:
    return Person(id, {"department": department, "accountEnabled": True, **others}, skus)


def people(*persons: Person, gone: Iterable[str] = ()) -> PeoplePage:
    return PeoplePage.of(persons, tuple(gone))


def group(id: str, *joined: str, left: Iterable[str] = (), **others: Iterable[str]) -> GroupChange:
    rest = {name: tuple(ids) for name, ids in others.items()}
    return GroupChange(Group(id, f"Group {id}"), joined, tuple(left), **rest)


def one_product(name: str) -> dict[str, Product]:
    return {name: Product(name, name, 1)}


def groups(*changes: GroupChange, gone: Iterable[str] = ()) -> GroupsPage:
    return GroupsPage(changes, tuple(gone))


async def keep(
    warehouse: Warehouse,
    *pages: PeoplePage | GroupsPage,
    anew: bool = False,
    also: Iterable[str] = (),
) -> Snapshot:
    draft, _ = await warehouse.begin(anew, frozenset(also))
    for page in pages:
        if isinstance(page, PeoplePage):
            await draft.add_people(page)
        else:
            await draft.add_groups(page)
    await draft.keep(NOON, PRODUCTS, Tokens("p", "g"))
    latest = await warehouse.latest()
    assert latest
    return latest


async def keep_on(warehouse: Warehouse, at: datetime = NOON) -> None:
    """Take an inventory that finds nothing changed."""
    draft, _ = await warehouse.begin()
    await draft.keep(at, PRODUCTS, Tokens())


def members(snapshot: Snapshot, group: str) -> list[str]:
    return [snapshot.people.id(row) for row in snapshot.memberships.direct(group)]


def everyone(snapshot: Snapshot) -> dict[str, object]:
    people = snapshot.people
    return {
        people.id(row): people.person(row).attributes["department"] for row in range(len(people))
    }


async def test_there_is_nothing_before_the_first_snapshot(warehouse: Warehouse) -> None:
    assert await warehouse.latest() is None
    assert (await warehouse.begin())[1] == Tokens()


async def test_a_snapshot_is_read_back_as_it_was_kept(warehouse: Warehouse) -> None:
    licensed = Group(
        "g-1",
        "Licenses „E5“",
        ("Unified", "DynamicMembership"),
        mail_enabled=True,
        security_enabled=False,
        synced=True,
        role_assignable=True,
        licenses={E5: ("plan-a",), P1: ()},
    )
    bob = Person("bob", {"displayName": "Bob 😀", "accountEnabled": False}, (E5, P1))
    made = await keep(
        warehouse,
        people(bob, ada(dirSyncEnabled=None, city="Zürich")),
        groups(GroupChange(licensed, ("bob", "ada")), group("g-2", nested=["g-1"])),
    )

    for snapshot in (made, await warehouse.latest()):
        assert snapshot
        assert snapshot.taken_at == NOON
        assert snapshot.whole
        assert snapshot.products == PRODUCTS
        assert snapshot.groups["g-1"] == licensed
        assert everyone(snapshot) == {"ada": "Finance", "bob": None}
        assert snapshot.people.person(0).attributes["city"] == "Zürich"
        assert snapshot.people.person(0).attributes["accountEnabled"] is True
        assert snapshot.people.person(0).attributes["dirSyncEnabled"] is None
        assert snapshot.people.person(1).attributes["displayName"] == "Bob 😀"
        assert snapshot.people.person(1).attributes["accountEnabled"] is False
        assert sorted(snapshot.people.person(1).products) == [E5, P1]
        assert {sku: rows.tolist() for sku, rows in snapshot.people.holding.items()} == {
            E5: [0, 1],
            P1: [1],
        }
        assert members(snapshot, "g-1") == ["ada", "bob"]
        assert members(snapshot, "g-2") == []
        assert snapshot.memberships.everyone("g-2").tolist() == [0, 1]


async def test_every_kind_of_attribute_is_read_back_as_it_was_kept(warehouse: Warehouse) -> None:
    kinds: dict[str, Any] = {
        "otherMails": ("ada@home.example", "a@b.example"),
        "proxyAddresses": ("",),
        "employeeHireDate": "2026-11-01T00:00:00Z",
        "sipProxyAddress": "sip:ada@contoso.example",
        "dirSyncEnabled": False,
        "assignedPlans": PLANS,
        COST_CENTER: "4711",
        "employeeOrgData.costCenter": "CC-7",
        "employeeOrgData.division": "Nordics",
    }
    also = ("assignedPlans", COST_CENTER, "employeeOrgData.costCenter", "employeeOrgData.division")
    made = await keep(warehouse, people(ada(**kinds), person("bob", None)), also=also)
    await keep(warehouse, people(person("carl", None, otherMails=("c@d.example",))), also=also)

    for snapshot, carl in ((made, None), (await warehouse.latest(), ("c@d.example",))):
        assert snapshot
        first, second = (snapshot.people.person(row).attributes for row in (0, 1))
        assert {name: first[name] for name in kinds} == kinds
        assert [second[name] for name in kinds] == [(), (), None, None, None, (), None, None, None]
        if carl:
            assert snapshot.people.person(2).attributes["otherMails"] == carl


async def test_what_was_not_read_is_unknown_and_not_empty(warehouse: Warehouse) -> None:
    await keep(warehouse, people(ada()), also=[COST_CENTER])
    latest = await warehouse.latest()

    assert latest
    assert latest.people.column(COST_CENTER)[0] is None
    for name in ("manager", "assignedPlans"):
        assert name not in latest.people.columns
        with pytest.raises(Held, match=name):
            latest.people.column(name)


async def test_an_attribute_more_is_read_of_everyone_anew(warehouse: Warehouse) -> None:
    await keep(warehouse, people(ada()), groups(group("g", "ada")))

    draft, tokens = await warehouse.begin(also=frozenset({"manager"}))
    assert (set(draft.also), tokens) == ({"manager"}, Tokens())

    snapshot = await keep(warehouse, people(person("bob", None)), also=["manager"])
    assert list(everyone(snapshot)) == ["bob"]
    assert not snapshot.groups

    draft, tokens = await warehouse.begin(also=frozenset({"manager"}))
    assert (set(draft.also), tokens) == ({"manager"}, Tokens("p", "g"))


async def test_an_attribute_less_is_read_on_until_everyone_is_read_anew(
    warehouse: Warehouse,
) -> None:
    await keep(warehouse, people(ada(**{COST_CENTER: "1"})), also=[COST_CENTER, "assignedPlans"])

    draft, tokens = await warehouse.begin(also=frozenset({"assignedPlans"}))
    assert (set(draft.also), tokens) == ({COST_CENTER, "assignedPlans"}, Tokens("p", "g"))
    snapshot = await keep(warehouse, people(person("bob", None, **{COST_CENTER: "2"})))
    column = snapshot.people.column(COST_CENTER)
    assert [column[0], column[1]] == ["1", "2"]

    draft, _ = await warehouse.begin(anew=True)
    assert draft.also == frozenset()
    snapshot = await keep(warehouse, people(ada()), anew=True)
    assert not snapshot.people.columns.keys() & {COST_CENTER, "assignedPlans"}


def managers(snapshot: Snapshot) -> dict[str, object]:
    column = snapshot.people.column("manager")
    return {snapshot.people.id(row): column[row] for row in range(len(snapshot.people))}


def managed(*changes: tuple[str, str] | tuple[str, str, bool]) -> PeoplePage:
    return PeoplePage(managers=tuple(ManagerChange(*change) for change in changes))


ENDED = True


async def test_managers_come_as_changes(warehouse: Warehouse) -> None:
    four = people(*(person(id, None) for id in ("ada", "bob", "carl", "dora")))
    links = managed(("ada", "eve"), ("bob", "eve"), ("carl", "eve"))
    snapshot = await keep(warehouse, links, four, also=["manager"])
    assert managers(snapshot) == {"ada": "eve", "bob": "eve", "carl": "eve", "dora": None}

    snapshot = await keep(
        warehouse,
        people(person("ada", "Legal")),
        managed(("bob", "fay"), ("carl", "eve", ENDED)),
        managed(("bob", "eve", ENDED), ("nobody", "eve"), ("dora", "ada", ENDED)),
        also=["manager"],
    )
    assert managers(snapshot) == {"ada": "eve", "bob": "fay", "carl": None, "dora": None}
    assert everyone(snapshot)["ada"] == "Legal"

    latest = await warehouse.latest()
    assert latest
    assert managers(latest) == managers(snapshot)


async def test_of_changes_to_one_manager_the_last_counts(warehouse: Warehouse) -> None:
    three = people(*(person(id, None) for id in ("ada", "bob", "carl")))
    await keep(warehouse, three, managed(("ada", "eve"), ("bob", "eve")), also=["manager"])

    there_again = managed(("ada", "eve", ENDED), ("ada", "eve"))
    gone_again = managed(("bob", "fay"), ("bob", "fay", ENDED))
    long_ago = managed(("carl", "eve"), ("carl", "fay"), ("carl", "eve", ENDED))
    snapshot = await keep(warehouse, there_again, gone_again, long_ago, also=["manager"])

    assert managers(snapshot) == {"ada": "eve", "bob": None, "carl": "fay"}


async def test_a_change_of_managers_alone_is_kept(warehouse: Warehouse) -> None:
    await keep(warehouse, people(ada()), managed(("ada", "eve")), also=["manager"])
    await keep(warehouse, managed(("ada", "fay")), also=["manager"])
    snapshot = await keep(warehouse, also=["manager"])
    assert managers(snapshot) == {"ada": "fay"}


async def test_who_leaves_for_good_comes_back_without_her_manager(warehouse: Warehouse) -> None:
    both = people(ada(), person("bob", None))
    await keep(warehouse, both, managed(("ada", "eve"), ("bob", "eve")), also=["manager"])
    await keep(warehouse, people(gone=["ada"]), also=["manager"])
    snapshot = await keep(warehouse, people(ada()), also=["manager"])
    assert managers(snapshot) == {"ada": None, "bob": "eve"}


async def test_the_next_inventory_begins_where_the_last_one_ended(warehouse: Warehouse) -> None:
    draft, _ = await warehouse.begin()
    await draft.keep(NOON, {}, Tokens("people-2", "groups-2"))

    assert (await warehouse.begin())[1] == Tokens("people-2", "groups-2")
    assert (await warehouse.begin(anew=True))[1] == Tokens()


async def test_the_last_word_about_a_person_counts(warehouse: Warehouse) -> None:
    await keep(warehouse, people(ada("Finance"), person("bob", "Sales", E5), person("eve", "IT")))

    snapshot = await keep(
        warehouse,
        people(person("carl", "IT", E5, P1), ada("Legal")),
        people(ada("Board"), person("dora", "Sales"), gone=["eve"]),
        people(gone=["dora", "nobody"]),
        people(person("dora", "Back")),
    )

    assert everyone(snapshot) == {"ada": "Board", "bob": "Sales", "carl": "IT", "dora": "Back"}
    holding = {sku: rows.tolist() for sku, rows in snapshot.people.holding.items()}
    assert holding == {E5: [0, 1, 2], P1: [2]}


async def test_a_product_that_is_not_held_any_more_is_lost(warehouse: Warehouse) -> None:
    await keep(warehouse, people(ada()))
    snapshot = await keep(warehouse, people(person("ada", "Finance")))
    assert not any(len(rows) for rows in snapshot.people.holding.values())


async def test_members_come_in_slices_and_leave_one_by_one(warehouse: Warehouse) -> None:
    first = people(ada(), person("bob", None), person("carl", None), person("dora", None))
    await keep(warehouse, first, groups(group("g", "ada", "bob")), groups(group("g", "carl")))

    snapshot = await keep(
        warehouse,
        groups(group("g", "dora", left=["ada", "nobody"]), group("g", "ada", left=["bob"])),
        groups(group("g", "bob"), group("g", left=["carl"])),
    )

    assert members(snapshot, "g") == ["ada", "bob", "dora"]


async def test_a_group_that_is_gone_is_unknown_and_comes_back_empty(warehouse: Warehouse) -> None:
    await keep(warehouse, people(ada()), groups(group("g", "ada"), group("top", nested=["g"])))

    snapshot = await keep(warehouse, groups(group("g", "ada"), gone=["g"]))
    with pytest.raises(Held):
        snapshot.memberships.direct("g")
    assert "g" not in snapshot.groups
    assert len(snapshot.memberships.everyone("top")) == 0

    snapshot = await keep(warehouse, groups(group("g")))
    assert members(snapshot, "g") == []


async def test_a_nested_group_nobody_read_is_unknown_and_not_empty(warehouse: Warehouse) -> None:
    snapshot = await keep(warehouse, groups(group("top", nested=["unread", "inner"])))
    with pytest.raises(Held):
        snapshot.memberships.everyone("top")

    both = groups(group("top", unnested=["unread"]), group("inner"))
    snapshot = await keep(warehouse, both)
    assert len(snapshot.memberships.everyone("top")) == 0


async def test_a_person_who_is_gone_is_in_no_group_until_she_is_back(warehouse: Warehouse) -> None:
    both = people(ada(), person("bob", None))
    await keep(warehouse, both, groups(group("g", "ada", "bob"), group("i", "ada")))

    snapshot = await keep(warehouse, people(gone=["ada"]), groups(group("h", "ada", "bob")))
    assert members(snapshot, "g") == members(snapshot, "h") == ["bob"]
    assert members(snapshot, "i") == []

    # Deleted and restored between two rounds of groups: Graph says nothing about her memberships.
    await keep(warehouse, groups(group("i", left=["ada"])))
    snapshot = await keep(warehouse, people(ada()))
    assert members(snapshot, "g") == members(snapshot, "h") == ["ada", "bob"]
    assert members(snapshot, "i") == []


async def test_a_person_restored_within_one_inventory_keeps_her_groups(
    warehouse: Warehouse,
) -> None:
    await keep(warehouse, people(ada()), groups(group("g", "ada")))
    snapshot = await keep(warehouse, people(gone=["ada"]), groups(group("h")), people(ada()))
    assert members(snapshot, "g") == ["ada"]


async def test_a_member_who_is_not_inventoried_yet_joins_when_she_is(warehouse: Warehouse) -> None:
    snapshot = await keep(warehouse, groups(group("g", "ada", "a-printer")))
    assert members(snapshot, "g") == []

    snapshot = await keep(warehouse, people(ada()))
    assert members(snapshot, "g") == ["ada"]

    await keep(warehouse, groups(group("g", "carl"), group("g", left=["a-printer"])))
    snapshot = await keep(warehouse, people(person("carl", None), person("a-printer", None)))
    assert members(snapshot, "g") == ["ada", "carl"]


async def test_beginning_anew_forgets_what_was_there(warehouse: Warehouse) -> None:
    await keep(warehouse, people(ada()), groups(group("g", "ada")))

    snapshot = await keep(warehouse, people(person("bob", None)), groups(group("h")), anew=True)

    assert list(everyone(snapshot)) == ["bob"]
    assert list(snapshot.groups) == ["h"]


async def test_what_was_the_latest_once_can_still_be_looked_at(warehouse: Warehouse) -> None:
    assert await warehouse.snapshots() == []
    assert await warehouse.newest() is None
    assert await warehouse.snapshot("20261102T120000-00000000") is None
    pages = (people(ada(), person("bob", None)), people(ada("Legal"), gone=["bob"]))
    for minutes, page in enumerate((*pages, people(person("carl", None)))):
        draft, _ = await warehouse.begin()
        await draft.add_people(page)
        if minutes == 0:
            await draft.add_groups(groups(group("g", "ada")))
        await draft.keep(NOON + timedelta(minutes=minutes), PRODUCTS, Tokens())

    kept = await warehouse.snapshots()

    assert await warehouse.newest() == kept[0]
    assert [one.counts["people"] for one in kept] == [2, 1, 2]
    assert [one.taken_at - NOON for one in kept] == [timedelta(minutes=m) for m in (2, 1, 0)]
    found = [await warehouse.snapshot(one.id) for one in kept]
    assert [everyone(one) for one in found if one] == [
        {"ada": "Legal", "carl": None},
        {"ada": "Legal"},
        {"ada": "Finance", "bob": None},
    ]
    assert found[2]
    assert members(found[2], "g") == ["ada"]
    assert kept[0].counts == {"people": 2, "groups": 1, "memberships": 1, "products": 2}


async def test_where_nothing_changed_the_latest_is_said_to_be_newer(warehouse: Warehouse) -> None:
    first = await keep(warehouse, people(ada()), groups(group("g", "ada")))
    (before,) = await warehouse.snapshots()
    for minutes in (5, 10):
        draft, tokens = await warehouse.begin()
        assert tokens == Tokens("p", "g") if minutes == 5 else Tokens("p5", "g5")
        await draft.add_people(PeoplePage())
        await draft.add_groups(GroupsPage())
        later = NOON + timedelta(minutes=minutes)
        kept = await draft.keep(later, PRODUCTS, Tokens(f"p{minutes}", f"g{minutes}"))
        assert kept == replace(before, seen_at=later)

    assert await warehouse.snapshots() == [kept]
    latest = await warehouse.latest()
    assert latest
    assert latest.taken_at == NOON + timedelta(minutes=10)
    assert everyone(latest) == everyone(first)
    assert members(latest, "g") == ["ada"]
    assert (await warehouse.begin())[1] == Tokens("p10", "g10")


async def test_other_products_alone_are_a_snapshot(warehouse: Warehouse) -> None:
    await keep(warehouse, people(ada()))
    draft, _ = await warehouse.begin()
    await draft.keep(NOON + timedelta(minutes=5), one_product("new"), Tokens())
    newer, older = await warehouse.snapshots()
    assert newer.taken_at == newer.seen_at > older.taken_at
    latest = await warehouse.latest()
    assert latest
    assert latest.products == one_product("new")
    assert everyone(latest) == {"ada": "Finance"}


async def test_the_slower_of_two_runs_that_found_nothing_changes_nothing(
    warehouse: Warehouse,
) -> None:
    await keep(warehouse, people(ada()))
    slow, _ = await warehouse.begin()
    await keep(warehouse)
    with pytest.raises(Conflict):
        await slow.keep(NOON, PRODUCTS, Tokens("slow", "slow"))
    assert (await warehouse.begin())[1] == Tokens("p", "g")


async def test_why_an_inventory_failed_is_kept_until_the_next_one_does(
    warehouse: Warehouse,
) -> None:
    assert await warehouse.failure() is None
    for reason in ("Graph cannot answer now.", "Users may not be read."):
        await warehouse.note(Failure(NOON, reason))
        assert await warehouse.failure() == Failure(NOON, reason)
    await keep(warehouse, people(ada()))
    assert await warehouse.failure() == Failure(NOON, reason)


async def test_a_draft_that_is_not_kept_changes_nothing(warehouse: Warehouse) -> None:
    kept = await keep(warehouse, people(ada()))

    draft, _ = await warehouse.begin()
    await draft.add_people(people(person("bob", None), gone=["ada"]))

    latest = await warehouse.latest()
    assert latest
    assert everyone(latest) == everyone(kept)


async def test_the_slower_of_two_runs_changes_nothing(warehouse: Warehouse) -> None:
    await keep(warehouse, people(ada()))
    slow, _ = await warehouse.begin()
    await slow.add_people(people(person("slow", None)))
    await keep(warehouse, people(person("fast", None)))

    with pytest.raises(Conflict):
        await slow.keep(NOON, {}, Tokens("slow", "slow"))

    latest = await warehouse.latest()
    assert latest
    assert list(everyone(latest)) == ["ada", "fast"]
    assert latest.products == PRODUCTS
    assert (await warehouse.begin())[1] == Tokens("p", "g")


async def test_the_slower_of_two_first_runs_changes_nothing(warehouse: Warehouse) -> None:
    slow, _ = await warehouse.begin()
    await keep(warehouse, people(ada()))
    with pytest.raises(Conflict):
        await slow.keep(NOON, {}, Tokens())


async def test_a_snapshot_in_hand_does_not_change(warehouse: Warehouse) -> None:
    before = await keep(warehouse, people(ada()), groups(group("g", "ada")))
    await keep(warehouse, people(person("bob", None), gone=["ada"]))

    assert everyone(before) == {"ada": "Finance"}
    assert members(before, "g") == ["ada"]


async def test_the_members_of_a_target_are_kept_as_they_were_seen(warehouse: Warehouse) -> None:
    assert await warehouse.seen("e5") is None
    await warehouse.see("e5", frozenset())
    assert await warehouse.seen("e5") == frozenset()
    await warehouse.see("e5", frozenset({"ada", "bob"}))
    await warehouse.see("f3", frozenset({"carl"}))
    assert await warehouse.seen("e5") == frozenset({"ada", "bob"})


async def test_the_adopted_are_kept_as_a_whole(warehouse: Warehouse) -> None:
    assert await warehouse.adopted("e5") == frozenset()

    await warehouse.adopt("e5", frozenset({"ada", "bob"}))
    await warehouse.adopt("f3", frozenset({"carl"}))
    await warehouse.adopt("e5", frozenset({"bob"}))
    await warehouse.adopt("f3", frozenset())

    assert await warehouse.adopted("e5") == {"bob"}
    assert await warehouse.adopted("f3") == frozenset()


async def test_one_has_the_turn_and_the_others_come_later(warehouse: Warehouse) -> None:
    async with warehouse.turn():
        with pytest.raises(Later) as refused:
            async with warehouse.turn():
                pass
        assert refused.value.after > 0
    async with warehouse.turn():
        pass


async def test_who_is_patient_gets_the_turn_when_it_is_released(warehouse: Warehouse) -> None:
    asked, got = asyncio.Event(), asyncio.Event()

    async def patient() -> None:
        asked.set()
        async with warehouse.turn(patience=30.0):
            got.set()

    async with warehouse.turn():
        waiting = asyncio.create_task(patient())
        await asked.wait()
        for _ in range(5):
            await warehouse.adopted("e5")  # as slow as asking for the turn
        assert not waiting.done()
        assert not got.is_set()
    await waiting
    assert got.is_set()


async def test_patience_with_a_turn_that_stays_held_comes_to_an_end(warehouse: Warehouse) -> None:
    async with warehouse.turn():
        with pytest.raises(Later):
            async with warehouse.turn(patience=0.1):
                pass


async def until_wanted(turn: Turn) -> None:
    async with asyncio.timeout(30):
        for _ in count():
            if await turn.wanted():
                return
            await asyncio.sleep(0)


async def test_who_holds_the_turn_sees_that_it_is_wanted_urgently(warehouse: Warehouse) -> None:
    took: list[str] = []

    async def take(name: str, *, urgent: bool) -> None:
        async with warehouse.turn(patience=30.0, urgent=urgent):
            took.append(name)

    async with warehouse.turn() as turn:
        patient = asyncio.create_task(take("patient", urgent=False))
        await warehouse.adopted("e5")
        assert not await turn.wanted()
        urgent = asyncio.create_task(take("urgent", urgent=True))
        await until_wanted(turn)
    await asyncio.gather(patient, urgent)
    assert set(took) == {"patient", "urgent"}
    async with warehouse.turn() as turn:
        assert not await turn.wanted()


async def test_who_is_not_urgent_lets_the_urgent_go_first(warehouse: Warehouse) -> None:
    took: list[str] = []

    async def take(name: str, *, urgent: bool) -> None:
        async with warehouse.turn(patience=30.0, urgent=urgent):
            took.append(name)

    async with warehouse.turn() as turn:
        urgent = asyncio.create_task(take("urgent", urgent=True))
        await until_wanted(turn)
        polite = asyncio.create_task(take("polite", urgent=False))
        await warehouse.adopted("e5")
    await asyncio.gather(polite, urgent)
    assert took == ["urgent", "polite"]


async def test_one_compiles_everything_at_a_time_and_the_turn_is_free_meanwhile(
    warehouse: Warehouse,
) -> None:
    async with warehouse.compiling():
        with pytest.raises(Busy):
            async with warehouse.compiling(patience=0.1):
                pass
        async with warehouse.turn():
            pass
    async with warehouse.compiling():
        pass


async def test_the_turn_is_free_again_after_a_failure(warehouse: Warehouse) -> None:
    with pytest.raises(KeyError):
        async with warehouse.turn():
            raise KeyError("a bug")
    async with warehouse.turn():
        pass


async def test_a_timeout_inside_of_a_turn_is_not_a_lost_turn(warehouse: Warehouse) -> None:
    with pytest.raises(TimeoutError):
        async with warehouse.turn(), asyncio.timeout(0):
            await asyncio.Event().wait()


# What follows is about the files.


async def test_another_process_reads_what_this_one_kept(blobs: Blobs) -> None:
    first = people(ada(), person("bob", "Sales", P1))
    kept = await keep(BlobWarehouse(blobs), first, groups(group("g", "bob", "printer")))
    latest = await BlobWarehouse(blobs).latest()
    assert latest
    assert everyone(latest) == everyone(kept)
    assert members(latest, "g") == ["bob"]

    merged = await keep(BlobWarehouse(blobs), people(person("aaron", None), person("printer", "")))
    assert members(merged, "g") == ["bob", "printer"]
    assert {sku: rows.tolist() for sku, rows in merged.people.holding.items()} == {E5: [1], P1: [2]}


async def test_kinds_of_facts_that_did_not_change_keep_their_files(blobs: Blobs) -> None:
    warehouse = BlobWarehouse(blobs)
    await keep(warehouse, people(ada()), groups(group("g", "ada")))
    before = set(await blobs.names("snapshots/"))

    await keep(warehouse)
    assert set(await blobs.names("snapshots/")) == before

    await keep(warehouse, groups(group("g", left=["ada"])))
    new = set(await blobs.names("snapshots/")) - before
    assert sorted(name.rsplit("/", 1)[1] for name in new) == ["edges.0000.parquet"]

    await keep(warehouse, people(ada("Legal")))
    new = set(await blobs.names("snapshots/")) - before - new
    assert sorted(name.rsplit("/", 1)[1] for name in new) == ["later.0000.parquet"]


async def test_where_nothing_changed_nothing_is_read_and_only_the_pointer_written(
    blobs: Blobs,
) -> None:
    await keep(BlobWarehouse(blobs), people(ada()), groups(group("g", "ada")))
    for name in await blobs.names("snapshots/"):
        if not name.endswith("products.parquet"):
            await blobs.delete(name)
    left = set(await blobs.names(""))

    await keep_on(BlobWarehouse(blobs))

    assert set(await blobs.names("")) == left


async def test_past_snapshots_are_thinned_where_nothing_changes(blobs: Blobs) -> None:
    warehouse = BlobWarehouse(blobs, retention="all:2h")
    await keep(warehouse, people(ada()))
    draft, _ = await warehouse.begin()
    await draft.add_people(people(ada("Legal")))
    await draft.keep(NOON + timedelta(minutes=1), PRODUCTS, Tokens())
    await keep_on(warehouse, NOON + timedelta(hours=1))
    assert len(await warehouse.snapshots()) == 2
    await keep_on(warehouse, NOON + timedelta(hours=3))
    assert len(await warehouse.snapshots()) == 1


async def test_a_snapshot_that_was_seen_for_long_is_kept_as_long(blobs: Blobs) -> None:
    warehouse = BlobWarehouse(blobs, retention="all:2h")
    await keep(warehouse, people(ada()))
    await keep_on(warehouse, NOON + timedelta(hours=9))
    draft, _ = await warehouse.begin()
    await draft.add_people(people(ada("Legal")))
    await draft.keep(NOON + timedelta(hours=10), PRODUCTS, Tokens())

    _, older = await BlobWarehouse(blobs).snapshots()
    assert (older.taken_at, older.seen_at) == (NOON, NOON + timedelta(hours=9))
    found = await warehouse.snapshot(older.id)
    assert found
    assert everyone(found) == {"ada": "Finance"}


async def test_a_latest_snapshot_is_loaded_once(blobs: Blobs) -> None:
    await keep(BlobWarehouse(blobs), people(ada()))
    reader = BlobWarehouse(blobs)
    assert await reader.latest() is await reader.latest()


async def test_a_past_snapshot_is_loaded_once_until_something_else_needs_the_memory(
    blobs: Blobs,
) -> None:
    warehouse = BlobWarehouse(blobs)
    ids = []
    for department in ("Finance", "Legal", "Sales"):
        await keep(warehouse, people(ada(department)))
        ids += [one.id for one in await warehouse.snapshots() if one.id not in ids]
    oldest, middle, _ = ids

    held = await warehouse.snapshot(oldest)
    assert held
    assert everyone(held) == {"ada": "Finance"}
    assert await warehouse.snapshot(oldest) is held
    await warehouse.begin()
    after_inventory = await warehouse.snapshot(oldest)
    assert after_inventory is not held
    async with warehouse.compiling():
        after_compile = await warehouse.snapshot(oldest)
    assert after_compile is not after_inventory
    other = await warehouse.snapshot(middle)
    assert other
    assert everyone(other) == {"ada": "Legal"}
    assert await warehouse.snapshot(oldest) is not after_compile  # one at a time is held


class _Overtaken(Blobs):
    """Another run makes a later snapshot once the pointer was read."""

    def __init__(self, blobs: Blobs) -> None:
        super().__init__(blobs._container)
        self._blobs: Blobs | None = blobs

    async def read(self, name: str) -> Blob | None:
        found = await super().read(name)
        if name == POINTER and self._blobs:
            blobs, self._blobs = self._blobs, None
            await keep(BlobWarehouse(blobs), people(ada("Legal")))
        return found


async def test_a_snapshot_that_is_no_longer_the_latest_while_it_is_read_is_read(
    blobs: Blobs,
) -> None:
    await keep(BlobWarehouse(blobs), people(ada()))
    (kept,) = await BlobWarehouse(blobs).snapshots()
    found = await BlobWarehouse(_Overtaken(blobs)).snapshot(kept.id)
    assert found
    assert everyone(found) == {"ada": "Finance"}


async def test_old_files_are_deleted_and_recent_ones_stay(blobs: Blobs) -> None:
    warehouse = BlobWarehouse(blobs, retention="yearly:0h")
    later = datetime.now(UTC) + timedelta(hours=2)  # noqa: TID251 - Azurite's own clock
    for seconds, department in enumerate("ABCDEF"):
        draft, _ = await warehouse.begin()
        await draft.add_people(people(ada(department)))
        await draft.keep(later + timedelta(seconds=seconds), one_product(department), Tokens())

    files = await blobs.names("snapshots/")
    assert len({name for name in files if name.endswith("products.parquet")}) == 4
    latest = await BlobWarehouse(blobs).latest()
    assert latest
    assert everyone(latest) == {"ada": "F"}


async def test_retention_thins_snapshots_and_never_takes_a_file_that_another_needs(
    blobs: Blobs,
) -> None:
    warehouse = BlobWarehouse(blobs, retention="daily:30d")
    now = datetime.now(UTC)  # noqa: TID251 - Azurite's own clock
    begun = (now + timedelta(days=3)).replace(hour=8, minute=0, second=0, microsecond=0)
    for hours, department in enumerate("ABCDEFGH"):
        draft, _ = await warehouse.begin()
        if hours == 0:
            await draft.add_groups(groups(group("g")))  # no later snapshot changes the groups
        await draft.add_people(people(ada(department)))
        await draft.keep(begun + timedelta(hours=6 * hours), one_product(department), Tokens())

    another = BlobWarehouse(blobs, retention="daily:30d")
    kept = await another.snapshots()

    assert [f"{one.taken_at - begun}" for one in kept] == [
        "1 day, 18:00:00",
        "1 day, 12:00:00",
        "12:00:00",
    ]
    found = [await another.snapshot(one.id) for one in kept]
    assert [everyone(one)["ada"] for one in found if one] == ["H", "G", "C"]
    assert all(one and members(one, "g") == [] for one in found)
    assert await another.snapshot("20261102T120000-aaaaaaaa") is None
    names = await blobs.names("snapshots/")
    files = {name for name in names if name.endswith("products.parquet")}
    assert len(files) == 5  # the latest, three before it for whoever reads, and the one of day one


async def test_a_snapshot_that_lacks_an_attribute_is_no_snapshot(blobs: Blobs) -> None:
    await keep(BlobWarehouse(blobs), people(ada()))
    pointer = await blobs.read("latest.json")
    assert pointer
    older = pointer.body.replace(b'"city",', b"")
    await blobs.swap("latest.json", older, pointer.version)

    warehouse = BlobWarehouse(blobs)
    assert await warehouse.latest() is None
    assert (await warehouse.begin())[1] == Tokens()
    await keep(warehouse, people(person("bob", None)))
    latest = await BlobWarehouse(blobs).latest()
    assert latest
    assert list(everyone(latest)) == ["bob"]


async def test_a_turn_of_another_process_counts_too(azurite_blobs: BlobAccount, fresh: str) -> None:
    one, two = (BlobWarehouse(azurite_blobs.container(fresh)) for _ in range(2))
    async with one.turn():
        with pytest.raises(Later):
            async with two.turn():
                pass
    async with two.turn():
        pass


def test_products_on_an_older_file_have_no_seats_in_states_that_it_does_not_know() -> None:
    table = pq.read_table(BytesIO(write_products(PRODUCTS)))
    older = write(table.drop_columns(["suspended", "locked_out"]))
    expected = {sku: replace(one, suspended=0, locked_out=0) for sku, one in PRODUCTS.items()}
    assert read_products(older) == expected
