"""What a notification comes to, for everything that can move; and what it costs when nothing does.

Each test lets Graph tell of something and nobody takes an inventory, unless the notification itself
asks for one.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from domain.bundle import Bundle
from domain.errors import Forbidden, Later
from domain.jobs.freed import Freed, have_looked_at
from domain.message import hint_message
from domain.plan import PlanState
from domain.ports import Hint
from tests.unit.office import Office
from tests.unit.webhooks import body, group, item, person, run_what_was_asked_for, tell

ENABLED = {"rule": 'user.accountEnabled -eq true and user.department -eq "Sales"'}
CAUTIOUS: Mapping[str, Any] = {"limits": {}}


class Counted(Office):
    """An office that counts what is asked of Graph and of the ledger, by the people concerned."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()
        for call in ("persons", "close_up", "outer_groups", "find_groups", "products"):
            self._count(self.directory, call)

    def _count(self, port: Any, call: str) -> None:
        ask = getattr(port, call)

        async def counted(*args: Any, **kwargs: Any) -> Any:
            self.asked[call] += len(args[0]) if args else 1
            if kwargs.get("nesting"):
                self.asked["nesting"] += len(args[0])
            return await ask(*args, **kwargs)

        setattr(port, call, counted)


@pytest.fixture
async def office() -> Counted:
    office = Counted()
    await office.jobs.renew_watches()
    return office


async def calm(office: Counted) -> None:
    """Let everything come to rest, long enough ago that nothing is waited for."""
    await office.settle()
    office.clock.advance(300)
    office.queue.hints.clear()
    office.asked.clear()


# People.


async def test_a_mover_changes_bundles(office: Counted) -> None:
    sales = await office.offer("sales")
    it = await office.offer("it", policy={"rule": 'user.department -eq "IT"'})
    ada = await office.hire("Ada", "Sales")
    await calm(office)
    office.tenant.move(ada, department="IT")
    await tell(office, person(ada))
    assert (office.members(sales), office.members(it)) == (frozenset(), frozenset({ada}))
    assert not office.queue.hints


async def test_an_account_that_is_switched_off_and_on(office: Counted) -> None:
    e3 = await office.offer("e3", policy=ENABLED)
    ada = await office.hire("Ada", "Sales")
    await calm(office)
    for enabled, members in ((False, set()), (True, {ada})):
        office.tenant.move(ada, accountEnabled=enabled)
        await tell(office, person(ada))
        assert office.members(e3) == members
        office.clock.advance(300)


async def test_someone_new(office: Counted) -> None:
    e3 = await office.offer("e3")
    await calm(office)
    ada = await office.hire("Ada", "Sales")
    await tell(office, person(ada))
    assert office.members(e3) == {ada}


async def test_someone_new_whom_not_all_of_graph_knows_yet_is_looked_for_again(
    office: Counted,
) -> None:
    e3 = await office.offer("e3")
    await calm(office)
    ada = "00000000-0000-4000-8000-00000000ada0"
    await tell(office, person(ada))
    (again,) = office.queue.hints
    assert again.hint == Hint((ada,))
    office.tenant.add_person("Ada", id=ada, department="Sales")
    office.clock.advance(32)
    await office.follow_due_hints()
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_someone_who_is_deleted_leaves_her_seat_to_the_next(office: Counted) -> None:
    """A soft and a hard deletion look the same: Graph no longer shows her."""
    e3 = await office.offer("e3", seats=1)
    ada, ben = [await office.hire(name, "Sales") for name in ("Ada", "Ben")]
    await calm(office)
    (holder,) = office.members(e3)
    office.tenant.remove_person(holder)
    await tell(office, person(holder))
    office.clock.advance(32)
    await office.follow_due_hints()
    await run_what_was_asked_for(office)
    assert office.members(e3) == {ada, ben} - {holder}


async def test_someone_who_is_restored_gets_her_license_back(office: Counted) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await calm(office)
    office.tenant.remove_person(ada)
    await calm(office)
    office.tenant.add_person("Ada", id=ada, department="Sales")
    await tell(office, person(ada))
    assert office.members(e3) == {ada}


# Source groups.


@pytest.mark.parametrize("nested", [False, True])
async def test_a_member_who_joins_a_source_group_and_leaves_it(
    office: Counted, nested: bool
) -> None:
    team = office.tenant.add_group("Team")
    source = office.tenant.add_group("Company", None, team) if nested else team
    e3 = await office.offer("e3", policy={"groups": [source]})
    others = [await office.hire(f"Other {n}", "IT", team) for n in range(3)]
    ada = await office.hire("Ada", "IT")
    await calm(office)
    office.tenant.join(team, ada)
    await tell(office, group(team, ada))
    assert office.members(e3) == {ada, *others}, "at once"

    office.clock.advance(300)
    office.tenant.leave(team, ada)
    await tell(office, group(team, left=(ada,)))
    assert ada in office.members(e3), "a close look does not show whether the group was emptied"
    await run_what_was_asked_for(office)
    assert office.members(e3) == set(others), "in seconds, with the whole group in sight"


async def test_a_source_group_that_is_emptied_member_by_member_is_held_as_a_whole(
    office: Counted,
) -> None:
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]}, **CAUTIOUS)
    everyone = [await office.hire(f"P{n}", "IT", team) for n in range(20)]
    await calm(office)
    for one in everyone:
        office.tenant.leave(team, one)
        await tell(office, group(team, left=(one,)))
    await run_what_was_asked_for(office)
    assert office.members(e3) == set(everyone)
    await office.run()
    (held,) = await office.jobs.plans("e3", "held")
    assert held.revokes == 20


async def test_a_group_that_is_put_into_a_source_group_and_taken_out(office: Counted) -> None:
    team, company = office.tenant.add_group("Team"), office.tenant.add_group("Company")
    e3 = await office.offer("e3", policy={"groups": [company]})
    ada = await office.hire("Ada", "IT", team)
    office.tenant.join(company, await office.hire("Ben", "IT"))
    await calm(office)
    office.tenant.join(company, team)
    await tell(office, group(company, team))
    await run_what_was_asked_for(office)
    assert ada in office.members(e3)
    office.clock.advance(300)
    office.tenant.leave(company, team)
    await tell(office, group(company, left=(team,)))
    await run_what_was_asked_for(office)
    assert ada not in office.members(e3)


async def test_a_source_group_that_is_renamed_changes_nothing(office: Counted) -> None:
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]})
    ada = await office.hire("Ada", "IT", team)
    await calm(office)
    await tell(office, group(team))
    await run_what_was_asked_for(office)
    assert office.members(e3) == {ada}


@pytest.mark.parametrize("nested", [False, True])
async def test_a_source_group_that_is_deleted_holds_its_bundle(
    office: Counted, nested: bool
) -> None:
    team = office.tenant.add_group("Team")
    source = office.tenant.add_group("Company", None, team) if nested else team
    e3 = await office.offer("e3", policy={"groups": [source]}, **CAUTIOUS)
    everyone = {await office.hire(f"P{n}", "IT", team) for n in range(20)}
    await calm(office)
    office.tenant.remove_group(team)
    await tell(office, group(team))
    await run_what_was_asked_for(office)
    assert office.members(e3) == everyone
    (bundle,) = (await office.jobs.status()).bundles
    assert bundle.held


# License groups.


async def test_a_license_group_that_is_changed_by_hand_is_put_right(office: Counted) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    ben = await office.hire("Ben", "IT")
    await calm(office)
    office.tenant.leave(e3.target.group, ada)
    office.tenant.join(e3.target.group, ben)
    await tell(office, group(e3.target.group, ben, left=(ada,)))
    assert office.members(e3) == {ada}


async def test_a_license_group_whose_licenses_were_changed_gets_them_back(office: Counted) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await calm(office)
    office.tenant.change_group(e3.target.group, licenses={})
    await tell(office, group(e3.target.group))
    await run_what_was_asked_for(office)
    assert set(office.tenant.groups[e3.target.group].licenses) == set(e3.skus())
    assert office.members(e3) == {ada}


# What concerns nobody, and what we did ourselves.


async def test_what_no_rule_reads_costs_one_question_for_everyone(office: Counted) -> None:
    await office.offer("e3")
    everyone = [await office.hire(f"P{n}", "Sales") for n in range(30)]
    await calm(office)
    for one in everyone:
        office.tenant.move(one, city="Nairobi")
    await tell(office, *map(person, everyone))
    assert office.asked == {"persons": 30}
    assert not office.queue.hints


@pytest.mark.parametrize("sources", [False, True])
async def test_a_group_that_no_bundle_knows_costs_one_question(
    office: Counted, sources: bool
) -> None:
    team = office.tenant.add_group("Team")
    await office.offer(
        "e3", policy={"groups": [team]} if sources else {"rule": 'user.city -eq "Rome"'}
    )
    club = office.tenant.add_group("Chess club")
    people = [await office.hire(f"P{n}", "Sales", club) for n in range(30)]
    office.tenant.join(team, people[0])
    await calm(office)
    await tell(office, group(club, *people), group(club))
    assert office.asked == ({"outer_groups": 1} if sources else {})
    assert not office.queue.hints


async def test_the_echo_of_our_own_writes_costs_no_close_look(office: Counted) -> None:
    e3 = await office.offer("e3")
    await office.hire("Before", "Sales")
    await calm(office)
    people = [await office.hire(f"P{n}", "Sales") for n in range(30)]
    await tell(office, *map(person, people))
    assert office.members(e3) > set(people)
    office.asked.clear()
    # Graph tells of the members and of each new license.
    await tell(office, group(e3.target.group, *people), *map(person, people))
    assert office.asked == {"persons": 30}
    office.asked.clear()
    office.clock.advance(120)
    await office.jobs.confirm()
    await tell(office, *map(person, people))
    assert office.asked == {"persons": 30}, "also when the license takes its time"


async def test_the_echo_of_a_compile_costs_no_close_look_either(office: Counted) -> None:
    e3 = await office.offer("e3")
    people = [await office.hire(f"P{n}", "Sales") for n in range(30)]
    await office.run()
    await office.deliver_all()
    office.asked.clear()
    await tell(office, group(e3.target.group, *people), *map(person, people))
    assert office.asked == {"persons": 30}


async def test_the_echo_of_a_bulk_that_has_come_to_its_end_costs_no_close_look(
    office: Counted,
) -> None:
    """So many are not looked up one by one: the end of the history tells of them."""
    e3 = await office.offer("e3", seats=200)
    people = [await office.hire(f"P{n}", "Sales") for n in range(120)]
    await calm(office)
    assert not (await office.ledger.standing("e3")).pages
    await tell(office, group(e3.target.group, *people), *map(person, people))
    assert office.asked == {"persons": 120}

    stranger = await office.hire("Stranger", "IT")
    office.tenant.join(e3.target.group, stranger)
    office.tenant.leave(e3.target.group, people[0])
    await tell(office, group(e3.target.group, stranger, *people[1:], left=(people[0],)))
    assert office.asked["close_up"] == 2, "who came or went by another hand is looked at"
    assert people[0] in office.members(e3)


async def test_the_echo_of_a_bulk_costs_no_close_look_while_an_inventory_waits_to_be_compiled(
    office: Counted,
) -> None:
    e3 = await office.offer("e3", seats=500)
    people = [await office.hire(f"P{n}", "Sales") for n in range(120)]
    await office.run()
    await office.deliver_all()
    office.clock.advance(10)
    await office.jobs.inventory()
    mover = await office.hire("Ada", "Sales")
    await office.jobs.inventory()
    office.asked.clear()
    await tell(office, group(e3.target.group, *people), *map(person, people), person(mover))
    assert office.asked["persons"] == 121
    assert office.asked["close_up"] == 1
    assert mover in office.members(e3)


async def test_what_concerns_nobody_does_not_wait_with_what_does(office: Counted) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "IT")
    idle = [await office.hire(f"P{n}", "IT") for n in range(3)]
    await calm(office)
    office.tenant.move(ada, department="Sales")
    async with office.warehouse.turn():
        await tell(office, person(ada), *map(person, idle[:1]))
        await tell(office, *map(person, idle[1:]))
        (waiting,) = await office.notices.open()
        assert {told.id for told in waiting.mentions} == {ada, idle[0]}
    office.clock.advance(60)
    await office.follow_due_hints()
    await office.deliver_all()
    assert office.members(e3) == {ada}
    assert not await office.notices.open()


async def test_who_comes_back_to_what_the_inventory_saw_is_looked_at(office: Counted) -> None:
    """What was seen last is what counts, not what was inventoried."""
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await calm(office)
    for department in ("IT", "Sales"):
        office.tenant.move(ada, department=department)
        await tell(office, person(ada))
    assert office.members(e3) == {ada}


async def test_what_an_inventory_saw_and_nobody_has_compiled_is_not_waited_for(
    office: Counted,
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "IT")
    await calm(office)
    office.tenant.move(ada, department="Sales")
    await office.jobs.inventory()
    await tell(office, person(ada))
    assert office.members(e3) == {ada}


async def test_what_follows_from_a_look_costs_none_though_an_inventory_waits_to_be_compiled(
    office: Counted,
) -> None:
    """Graph tells of a person when her license comes, too."""
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "IT")
    ben = await office.hire("Ben", "IT")
    await calm(office)
    office.tenant.move(ada, department="Sales")
    await tell(office, person(ada))
    await office.jobs.inventory()
    office.asked.clear()
    await tell(office, person(ada))
    assert office.asked["close_up"] == 0
    office.tenant.move(ben, department="Sales")
    await tell(office, person(ada), person(ben))
    assert office.asked["close_up"] == 1
    office.tenant.move(ada, department="IT")
    await tell(office, person(ada))
    assert office.members(e3) == {ben}


async def test_without_a_bundle_nothing_is_asked(office: Counted) -> None:
    await tell(office, person(await office.hire("Ada", "Sales")))
    assert office.asked == {}
    assert not await office.notices.open()


@pytest.mark.parametrize("nested", [False, True])
async def test_groups_by_nesting_are_read_where_a_policy_means_them(
    office: Counted, nested: bool
) -> None:
    source = office.tenant.add_group("Source")
    e3 = await office.offer("e3", policy={"groups": [{"id": source, "nested": nested}]})
    await office.offer("e5")
    ada = await office.hire("Ada", "Board")
    await calm(office)
    office.tenant.join(source, ada)
    await tell(office, group(source, ada))
    assert office.members(e3) == {ada}
    assert (office.asked["close_up"], office.asked["nesting"]) == (1, int(nested))


# Bursts.


async def test_a_burst_is_one_compile_and_bulk_goes_as_bulk(office: Counted) -> None:
    sales = await office.offer("sales", seats=5_000)
    it = await office.offer("it", seats=5_000, policy={"rule": 'user.department -eq "IT"'})
    everyone = {await office.hire(f"P{n}", "Sales") for n in range(500)}
    await calm(office)
    for one in everyone:
        office.tenant.move(one, department="IT")
    await tell(office, *map(person, everyone))
    assert office.asked["products"] == 1
    assert office.members(it) == everyone
    pages = (await office.ledger.standing("it")).pages
    assert len(pages) > 5
    assert not any(page.urgent for page in pages)
    assert office.members(sales) == everyone, "the limit of the tenant is for the burst as a whole"


async def two_of_one_product(office: Counted) -> tuple[Bundle, Bundle]:
    sku = office.tenant.add_product("E3", 5_000)
    it = {"rule": 'user.department -eq "IT"'}
    return await office.offer("sales", sku=sku), await office.offer("it", sku=sku, policy=it)


async def test_who_holds_the_new_license_leaves_the_old_group_without_a_run(
    office: Counted,
) -> None:
    sales, it = await two_of_one_product(office)
    ada = await office.hire("Ada", "Sales")
    await calm(office)
    office.tenant.move(ada, department="IT")
    await tell(office, person(ada))
    assert office.members(sales) == office.members(it) == {ada}
    await office.jobs.confirm()
    assert [sent.hint for sent in office.queue.hints] == [Hint(notices=True)]
    office.clock.advance(2)
    await office.follow_due_hints()
    await office.deliver_all()
    assert not office.members(sales)
    assert office.members(it) == {ada}
    await office.jobs.confirm()
    assert not office.queue.hints


async def test_who_joins_beside_what_she_keeps_is_looked_at_no_further(office: Counted) -> None:
    await two_of_one_product(office)
    await office.offer("visio", policy={"rule": 'user.city -eq "Ulm"'})
    ada = await office.hire("Ada", "Sales")
    await calm(office)
    office.tenant.move(ada, city="Ulm")
    await tell(office, person(ada))
    await office.jobs.confirm()
    assert not office.queue.hints


async def test_many_who_hold_new_licenses_are_one_run_when_all_are_there(office: Counted) -> None:
    await two_of_one_product(office)
    everyone = {await office.hire(f"P{n}", "Sales") for n in range(450)}
    await calm(office)
    for one in everyone:
        office.tenant.move(one, department="IT")
    taken = office.queue.pages
    await office.jobs.notified(body(*(item(office, person(one)) for one in everyone)), "call")
    office.clock.advance(2)
    await office.follow_due_hints()
    *first, last = taken
    taken.clear()
    for message in first:
        await office.deliver(message)
    await office.jobs.confirm()
    assert not office.queue.hints, "more is on its way"
    await office.deliver(last)
    await office.jobs.confirm()
    assert [sent.hint.run is not None for sent in office.queue.hints] == [True]
    await run_what_was_asked_for(office)
    (held,) = await office.jobs.plans("sales", "held")
    assert held.revokes == len(everyone), "and guards look at the burst as a whole"


async def test_many_are_one_run_though_the_last_of_all_keep_nothing(office: Counted) -> None:
    await office.offer("e3")
    await calm(office)
    await have_looked_at(office.ports, [Freed(others=5, pending=True), Freed()])
    assert not office.queue.hints, "more is on its way"
    office.clock.advance(60)
    for _ in range(3):
        await have_looked_at(office.ports, [Freed(), Freed()])
        office.clock.advance(10)
    assert [sent.hint.run is not None for sent in office.queue.hints] == [True]
    await run_what_was_asked_for(office)
    await have_looked_at(office.ports, [Freed(), Freed()])
    assert not office.queue.hints, "they were looked at"


async def test_many_of_whom_an_older_inventory_was_compiled_since_are_looked_at(
    office: Counted,
) -> None:
    await office.offer("e3")
    await calm(office)
    await have_looked_at(office.ports, [Freed(others=5, pending=True)])
    await office.notices.note_compiled(office.clock.now() - timedelta(seconds=1))
    await have_looked_at(office.ports, [Freed()])
    assert [sent.hint.run is not None for sent in office.queue.hints] == [True]


async def test_who_is_entitled_to_two_of_one_product_is_looked_at_no_further(
    office: Counted,
) -> None:
    sales, it = await two_of_one_product(office)
    await office.put(sales, policy={"rule": "user.accountEnabled -eq true"})
    ada = await office.hire("Ada", "Board")
    await calm(office)
    office.tenant.move(ada, department="IT")
    await tell(office, person(ada))
    await office.jobs.confirm()
    assert office.members(sales) == office.members(it) == {ada}
    assert not office.queue.hints


async def test_who_keeps_something_for_now_is_remembered_until_everything_is_compiled(
    office: Counted,
) -> None:
    await two_of_one_product(office)
    ada, ben = [await office.hire(name, "Sales") for name in ("Ada", "Ben")]
    await calm(office)

    async def later() -> int:
        return (await office.ledger.standing("sales")).head.later

    office.tenant.move(ada, department="IT")
    await tell(office, person(ada))
    assert await later() == 1
    office.tenant.move(ben, department="Board")
    await tell(office, person(ben))
    assert await later() == 1, "a look at somebody else does not show her"
    await calm(office)
    await office.settle()
    assert await later() == 0


async def test_who_gets_the_better_bundle_leaves_the_lesser_one_without_a_run(
    office: Counted,
) -> None:
    e3 = await office.offer("e3", policy={"rule": "user.accountEnabled -eq true"})
    e5 = await office.offer("e5", supersedes=["e3"])
    ada = await office.hire("Ada", "Board")
    await calm(office)
    office.tenant.move(ada, department="Sales")
    await tell(office, person(ada))
    assert office.members(e3) == office.members(e5) == {ada}
    await office.jobs.confirm()
    office.clock.advance(2)
    await office.follow_due_hints()
    await office.deliver_all()
    assert not office.members(e3)


async def test_who_may_keep_something_else_is_looked_at_where_nobody_can_tell(
    office: Counted,
) -> None:
    sales, _ = await two_of_one_product(office)
    await office.put(sales, policy={"rule": "user.accountEnabled -eq true"})
    ada = await office.hire("Ada", "Board")
    await calm(office)
    office.tenant.move(ada, department="IT")
    await tell(office, person(ada))
    record = office.ledger.record

    async def recorded(*args: Any, **kwargs: Any) -> Any:
        office.ledger.fail_next("standing", error=Later("Storage is away.", 5.0))
        return await record(*args, **kwargs)

    office.ledger.record = recorded  # type: ignore[method-assign]
    await office.jobs.confirm()
    assert [sent.hint for sent in office.queue.hints] == [Hint(notices=True)]


async def test_who_has_a_reason_to_leave_while_the_other_is_on_its_way_leaves(
    office: Counted,
) -> None:
    sku = office.tenant.add_product("E3", 5_000)
    sales = await office.offer("sales", sku=sku)
    ulm = await office.offer("ulm", sku=sku, policy={"rule": 'user.city -eq "Ulm"'})
    ada = await office.hire("Ada", "Sales")
    await calm(office)
    office.tenant.move(ada, city="Ulm")
    await tell(office, person(ada))
    assert office.members(sales) == office.members(ulm) == {ada}
    office.tenant.move(ada, department="Board")
    await tell(office, person(ada))
    assert office.members(sales) == {ada}, "she keeps it until the other is active"
    await office.jobs.confirm()
    office.clock.advance(2)
    await office.follow_due_hints()
    await office.deliver_all()
    assert not office.members(sales)


async def waiting_for_the_turn(office: Counted, who: str) -> asyncio.Task[None]:
    """Let Graph tell of somebody, and return the work that waits for the turn to decide then."""
    await office.jobs.notified(body(item(office, person(who))), "first")
    hint = hint_message(Hint(notices=True))
    waiting = asyncio.create_task(office.jobs.recompile(hint, "first"))
    for _ in range(50):
        await asyncio.sleep(0)
    return waiting


async def test_one_waits_for_the_turn_and_sees_to_all_who_come(office: Counted) -> None:
    e3 = await office.offer("e3")
    ada, ben = [await office.hire(name, "Sales") for name in ("Ada", "Ben")]
    hint = hint_message(Hint(notices=True))
    async with office.warehouse.turn():
        waiting = await waiting_for_the_turn(office, ada)
        assert office.warehouse.wanted
        await office.jobs.notified(body(item(office, person(ben))), "ben")
        asked = office.asked["persons"]
        await office.jobs.recompile(hint, "second")
        assert office.asked["persons"] == asked
        assert "recompile.later" not in office.log.events()
    await waiting
    await office.deliver_all()
    assert office.members(e3) == {ada, ben}
    assert not await office.notices.open()


async def test_with_the_turn_only_those_are_read_who_came_while_it_was_waited_for(
    office: Counted,
) -> None:
    e3 = await office.offer("e3")
    ada, ben = [await office.hire(name, "Sales") for name in ("Ada", "Ben")]
    async with office.warehouse.turn():
        waiting = await waiting_for_the_turn(office, ada)
        assert office.asked["persons"] == 1
        await office.jobs.notified(body(item(office, person(ben))), "ben")
    await waiting
    assert office.asked["persons"] == 2
    assert office.asked["close_up"] == 2
    await office.deliver_all()
    assert office.members(e3) == {ada, ben}
    assert not await office.notices.open()


async def test_with_the_turn_nobody_is_looked_at_whom_somebody_else_has_seen_to(
    office: Counted,
) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    async with office.warehouse.turn():
        waiting = await waiting_for_the_turn(office, ada)
        await office.notices.follow(await office.notices.open())
    await waiting
    assert office.asked["close_up"] == 0


async def test_who_moves_while_the_turn_is_waited_for_and_then_back_is_looked_at_again(
    office: Counted,
) -> None:
    """What counts is how she was when she was decided about, and not when she was first read."""
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await calm(office)
    office.tenant.move(ada, department="Legal")
    async with office.warehouse.turn():
        waiting = await waiting_for_the_turn(office, ada)
        office.tenant.move(ada, department="Sales")
    await waiting
    office.tenant.move(ada, department="Legal")
    await tell(office, person(ada))
    assert ada not in office.members(e3)


@pytest.mark.parametrize("together", [True, False])
async def test_a_burst_of_revokes_is_held_like_any_plan(office: Counted, together: bool) -> None:
    e3 = await office.offer("e3", **CAUTIOUS)
    everyone = [await office.hire(f"P{n}", "Sales") for n in range(40)]
    await calm(office)
    for one in everyone[:20]:
        office.tenant.move(one, department="IT")
    if together:
        await tell(office, *map(person, everyone[:20]))
    else:
        for one in everyone[:20]:
            await tell(office, person(one))
    gone = set(everyone) - office.members(e3)
    assert len(gone) <= (0 if together else 8), "a fifth of forty, however they come"
    await run_what_was_asked_for(office)
    (held,) = await office.jobs.plans("e3", "held")
    assert held.state == PlanState.HELD
    assert held.revokes == 20 - len(gone), "the whole of it is shown, to be released or refused"


async def test_a_change_told_and_inventoried_is_done_once(office: Counted) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "IT")
    await calm(office)
    office.tenant.move(ada, department="Sales")
    await office.jobs.notified(body(item(office, person(ada))), "call")
    await office.run()
    office.clock.advance(2)
    await office.follow_due_hints()
    await office.deliver_all()
    history = await office.jobs.history("e3", ada)
    decided = [line for line in history.lines if line.state == "decided"]
    assert office.members(e3) == {ada}
    assert len(decided) == 1


# Trouble.


async def test_notices_wait_while_another_compile_has_the_turn(office: Counted) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    async with office.warehouse.turn():
        await tell(office, person(ada))
    assert [sent.hint for sent in office.queue.hints] == [Hint(notices=True)]
    office.clock.advance(60)
    await office.follow_due_hints()
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_graph_being_away_keeps_notices_for_later(office: Counted) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.directory.fail_next("persons", error=Later("Graph is away.", after=20))
    await tell(office, person(ada))
    assert len(await office.notices.open()) == 1
    office.clock.advance(30)
    await office.follow_due_hints()
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_what_graph_refuses_stops_nothing_that_comes_after(office: Counted) -> None:
    e3 = await office.offer("e3")
    ada, ben = [await office.hire(name, "Sales") for name in ("Ada", "Ben")]
    office.directory.fail_next("persons", error=Forbidden("Denied.", "Grant User.Read.All."))
    await tell(office, person(ada))
    await tell(office, person(ben))
    assert office.members(e3) == {ben}
    assert ("notices.refused", {"notices": 1, "reason": "Denied. Grant User.Read.All."}) in (
        office.log.lines
    )
    await run_what_was_asked_for(office)
    assert office.members(e3) == {ada, ben}
