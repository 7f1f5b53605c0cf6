"""No revoke rests on an inventory that something newer is known of."""

import asyncio
from typing import Any

import pytest

from domain.concurrency import AT_ONCE
from domain.errors import Held, Later
from domain.head import Head
from domain.inventory.people import Person
from domain.jobs.compile import compile_everything
from domain.jobs.looks import Looks
from domain.ledger import Page
from domain.message import hint_message
from domain.ports import Hint
from domain.watching.notice import Mention, Notice, What, moved
from tests.unit.office import SALES, Office
from tests.unit.webhooks import body, group, item, person, run_what_was_asked_for, tell


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.jobs.renew_watches()
    return office


async def be_told(office: Office, *data: dict[str, Any]) -> None:
    """Let Graph tell of these things, and nobody follow it yet."""
    items = (item(office, each) for each in data)
    await office.jobs.notified(body(*items), f"call-{len(office.notices.all)}")


async def compile(office: Office) -> None:
    """Compile on the inventory there is."""
    office.clock.advance(10)
    await office.jobs.compile("timer")
    await office.deliver_all()


async def inventory_shows(office: Office, who: str, department: str) -> None:
    """Take an inventory that shows her in another department than she is in right after it."""
    now = office.tenant.people[who].attributes["department"]
    office.tenant.move(who, department=department)
    office.clock.advance(600)
    await office.jobs.inventory()
    office.clock.advance(10)
    office.tenant.move(who, department=now)


@pytest.fixture
async def eve(office: Office) -> str:
    """Somebody who holds the bundle, and of whom the inventory says that she is not to."""
    await office.offer("e3")
    eve = await office.hire("Eve", "Sales")
    await office.settle()
    await inventory_shows(office, eve, "IT")
    return eve


def holds(office: Office, who: str) -> bool:
    groups = office.tenant.groups
    return any(who in office.tenant.members(each) for each in groups if "LIC" in groups[each].name)


async def test_an_inventory_that_nothing_newer_is_known_of_is_believed(
    office: Office, eve: str
) -> None:
    await compile(office)
    assert not holds(office, eve)


async def test_whoever_was_looked_at_since_keeps_what_she_is_entitled_to(
    office: Office, eve: str
) -> None:
    await tell(office, person(eve))
    assert await office.open_rows() == []
    await compile(office)
    assert holds(office, eve)


async def test_whoever_is_still_to_be_looked_at_is_not_revoked_before(
    office: Office, eve: str
) -> None:
    await be_told(office, person(eve))
    await compile(office)
    assert holds(office, eve)


async def test_a_lost_hint_does_not_matter(office: Office, eve: str) -> None:
    await be_told(office, person(eve))
    office.queue.hints.clear()
    await compile(office)
    assert holds(office, eve)


async def test_whoever_is_looked_at_between_two_turns_is_not_revoked_in_the_second(
    office: Office,
) -> None:
    bundles = [await office.offer(f"b{number}") for number in range(2 * AT_ONCE)]
    eve, ada = await office.hire("Eve", "Sales"), await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.move(ada, department="IT")
    await inventory_shows(office, eve, "IT")
    told: list[asyncio.Future[None]] = []
    decide = office.ledger.decide

    async def tell_then(head: Head, page: Page, *rest: Any, **named: Any) -> Head:
        if not told:
            told.append(asyncio.ensure_future(_told_and_followed(office, eve)))
        for _ in range(40):  # until she waits for the turn
            await asyncio.sleep(0)
        return await decide(head, page, *rest, **named)

    setattr(office.ledger, "decide", tell_then)  # noqa: B010 - mypy takes no method for it
    await compile_everything(office.ports, "run")
    await told[0]
    assert "compile.gave_way" in office.log.events()
    await office.deliver_all()
    # Some were sent before anybody told of her; the look at her took them back.
    assert all(eve in office.members(bundle) for bundle in bundles)
    assert not any(ada in office.members(bundle) for bundle in bundles)


async def _told_and_followed(office: Office, who: str) -> None:
    await be_told(office, person(who))
    await office.jobs.recompile(hint_message(Hint(notices=True)), "hint")


async def test_a_look_from_shortly_before_an_inventory_that_lags_counts(office: Office) -> None:
    e3 = await office.offer("e3")
    eve = await office.hire("Eve", "IT", e3.target.group)
    office.tenant.move(eve, department="Sales")
    await office.settle()
    office.tenant.move(eve, department="IT")
    office.clock.advance(600)
    await office.jobs.inventory()
    lagging = office.tenant.people[eve]
    office.tenant.move(eve, department="Sales")
    await tell(office, person(eve))
    office.clock.advance(20)
    await _inventory_that_shows(office, lagging)
    await compile(office)
    assert eve in office.members(e3)


async def _inventory_that_shows(office: Office, lagging: Person) -> None:
    """Take an inventory in which somebody is as she was, for the delta is behind."""
    now = office.tenant.people[lagging.id]
    office.tenant.move(lagging.id, **lagging.attributes)
    await office.jobs.inventory()
    office.tenant.move(lagging.id, **now.attributes)


async def test_a_group_put_back_into_a_source_group_keeps_its_people(office: Office) -> None:
    team, inner = office.tenant.add_group("Team"), office.tenant.add_group("Inner")
    other = office.tenant.add_group("Other")
    office.tenant.join(team, inner)
    e3 = await office.offer("e3", policy={"groups": [team]})
    eve = await office.hire("Eve", "IT", inner)
    for number in range(9):
        await office.hire(f"P{number}", "IT", team)
    await office.settle()
    office.tenant.leave(team, inner)
    office.clock.advance(600)
    await office.jobs.inventory()
    office.clock.advance(10)
    office.tenant.join(team, inner)
    await be_told(office, group(other, eve))  # which says nothing of her as a member of the team
    await be_told(office, group(team, inner))
    await compile(office)
    assert eve in office.members(e3)


async def test_whoever_left_a_source_group_is_revoked_within_half_a_minute(
    office: Office,
) -> None:
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]})
    people = [await office.hire(f"P{number}", "IT", team) for number in range(9)]
    await office.settle()
    office.tenant.leave(team, people[0])
    await tell(office, group(team, left=(people[0],)))
    await run_what_was_asked_for(office)
    assert office.members(e3) == set(people[1:])


@pytest.mark.parametrize("call", ["persons", "close_up", "find_groups"])
async def test_whoever_cannot_be_read_afresh_is_left_and_nobody_else_is(
    office: Office, eve: str, call: str
) -> None:
    (e3,) = [stored.bundle for stored in await office.bundles.all()]
    if call == "close_up":  # it takes groups to say who is entitled
        team = office.tenant.add_group("Team")
        e3 = await office.put(e3, policy={**SALES, "excluded": {"groups": [{"id": team}]}})
    ada = await office.hire("Ada", "IT", e3.target.group)
    office.tenant.move(eve, department="IT")
    await office.jobs.inventory()
    office.tenant.move(eve, department="Sales")
    await be_told(office, person(eve))
    office.directory.fail_next(call, error=Later("Graph is busy.", 5))
    await compile(office)
    assert office.members(e3) == {eve}
    assert ada not in office.members(e3)
    assert "revokes.unread" in office.log.events()


async def test_thousands_who_were_told_of_leave_at_once(office: Office) -> None:
    e3 = await office.offer("e3", 2_000)
    people = [await office.hire(f"P{number}", "IT", e3.target.group) for number in range(1_500)]
    await office.jobs.inventory()
    await be_told(office, *map(person, people))
    (plan,) = await compile_everything(office.ports, "run")
    assert plan.revokes == len(people)


@pytest.mark.parametrize("back", [True, False])
async def test_whoever_was_told_of_is_read_with_her_manager_where_a_rule_means_managers(
    office: Office, back: bool
) -> None:
    """Managers are not read in bulk, so she is read by herself."""
    max, ben = await office.hire("Max", "IT"), await office.hire("Ben", "IT")
    e3 = await office.offer("e3", policy={"rule": f'Direct Reports for "{max}"'})
    eve = await office.hire("Eve", "Sales")
    office.tenant.move(eve, manager=max)
    await office.settle()
    assert eve in office.members(e3)
    office.tenant.move(eve, manager=ben)
    office.clock.advance(600)
    await office.jobs.inventory()
    office.tenant.move(eve, manager=max if back else ben)
    await be_told(office, person(eve))
    await compile(office)
    assert (eve in office.members(e3)) == back


@pytest.mark.parametrize("limits", [{"most": 1, "by_attributes": 9}, {"by_attributes": 1}])
async def test_more_than_can_be_read_afresh_are_not_read(
    office: Office, limits: dict[str, int]
) -> None:
    e3 = await office.offer("e3")
    ada, eve = [await office.hire(name, "IT", e3.target.group) for name in ("Ada", "Eve")]
    await office.jobs.inventory()
    snapshot = await office.warehouse.latest()
    assert snapshot
    left = Mention(What.LEFT, ada, e3.target.group), Mention(What.LEFT, eve, e3.target.group)
    told = moved([Notice("call", office.clock.now(), left)])
    with pytest.raises(Held, match="These are more than 1"):
        await Looks(**limits).at_all(office.ports, {ada, eve}, [e3], snapshot, told)


async def test_whoever_left_the_better_bundles_group_meanwhile_keeps_the_lesser(
    office: Office,
) -> None:
    """Her attributes tell nothing of that, so she is looked at with her groups."""
    lesser = await office.offer("lesser")
    better = await office.offer("better", supersedes=["lesser"])
    eve = await office.hire("Eve", "Sales", lesser.target.group, better.target.group)
    office.clock.advance(600)
    await office.jobs.inventory()
    office.tenant.leave(better.target.group, eve)
    # Entra takes the license off her somewhat later.
    await be_told(office, group(better.target.group, left=(eve,)))
    await compile(office)
    assert eve in office.members(lesser)


async def test_why_somebody_is_left_is_said_in_the_plan(office: Office, eve: str) -> None:
    await be_told(office, person(eve))
    (plan,) = await compile_everything(office.ports, "run")
    assert [spared.person for spared in plan.spared] == [eve]
    assert plan.spared[0].reason.startswith("told of since the inventory")


async def test_a_member_of_whom_nobody_can_tell_what_it_is_stops_no_compile(
    office: Office,
) -> None:
    """It may be a group, and then everyone in it would be to be looked at."""
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]})
    ada, eve = [await office.hire(name, "IT", team) for name in ("Ada", "Eve")]
    await office.settle()
    office.tenant.leave(team, eve)
    office.clock.advance(600)
    await office.jobs.inventory()
    zoe = await office.hire("Zoe", "IT", team)
    await be_told(office, group(team, zoe))
    for _ in range(2):
        office.directory.fail_next("find_groups", error=Later("Graph is busy.", 5))
    await compile(office)
    assert office.members(e3) == {ada, eve}
    await compile(office)
    assert office.members(e3) == {ada}
