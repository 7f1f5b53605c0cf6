"""Promises that only time can break: what is seen once, and what follows from it days later."""

from datetime import timedelta

import pytest

from domain.message import hint_message
from domain.outcome import Refused
from domain.plan import PlanState
from domain.policy import Policy
from domain.ports import Hint
from tests.unit.office import SALES, Office

STRICT = {"revokes": {"percent": 0, "floor": 0}, "grants": {"percent": None}}


@pytest.fixture
def office() -> Office:
    return Office()


async def step(office: Office, **time: float) -> None:
    """Let time pass, then run and deliver everything."""
    office.clock.advance(timedelta(**time).total_seconds())
    await office.run()
    await office.deliver_all()
    await office.jobs.confirm()


async def test_a_source_that_shrank_is_remembered_while_its_people_are_in_grace(
    office: Office,
) -> None:
    team, many = office.tenant.add_group("Team"), office.tenant.add_group("Many")
    e3 = await office.offer("e3", 500, policy={"groups": [team, many]}, grace="2d")
    people = [await office.hire(f"P{n}", "IT", team) for n in range(20)]
    await office.settle()
    for person in people[:15]:
        office.tenant.leave(team, person)
    await office.hire("Q", "IT", many)
    await step(office, minutes=5)
    await step(office, days=1)
    await step(office, days=2)
    assert len(office.members(e3)) == 21
    (plan,) = await office.jobs.plans("e3", "held")
    assert "Team" in plan.held[0]
    assert "has lost 15 of 20 people" in plan.held[0]
    await office.jobs.release(plan.id, "ada", "r")
    await office.follow_hints()
    await office.deliver_all()
    assert len(office.members(e3)) == 6


async def test_a_source_that_shrank_is_remembered_while_its_revokes_are_not_due(
    office: Office,
) -> None:
    """They were taken back a moment before, with a mistake, and are not tried again for an hour."""
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]})
    people = [await office.hire(f"P{n}", "IT", team) for n in range(20)]
    await step(office, minutes=5)
    await step(office, minutes=5)
    mistaken = await office.put(e3, policy=SALES)
    office.clock.advance(300)
    await office.run()
    await office.jobs.pause("eve", "oops")
    await office.put(mistaken, policy={"groups": [team]})
    await office.jobs.compile("mended")
    await office.jobs.resume("eve", "mended", "r")
    await step(office, minutes=5)
    assert office.members(e3) == set(people)

    office.tenant.leave(team, *people[:15])
    await step(office, minutes=5)
    await step(office, hours=2)
    assert office.members(e3) == set(people)
    (plan,) = await office.jobs.plans("e3", "held")
    assert "has lost 15 of 20 people" in plan.held[0]


@pytest.mark.parametrize("tried", [False, True])
async def test_an_exclusion_that_shrank_is_remembered_while_its_grants_are_not_due(
    office: Office, tried: bool
) -> None:
    out = office.tenant.add_group("Out")
    policy = {**SALES, "excluded": {"groups": [out]}}
    e3 = await office.offer("e3", policy=SALES)
    people = [await office.hire(f"P{number}", "Sales") for number in range(20)]
    if tried:
        for person in people:
            office.targets.answer(person, Refused("No.", "Ask."))
        await step(office, minutes=5)
    office.tenant.join(out, *people)
    await office.put(e3, policy=policy)
    await step(office, minutes=5)
    assert not office.members(e3)

    office.tenant.leave(out, *people)
    await step(office, minutes=5)
    await step(office, hours=2)
    assert not office.members(e3)
    (plan,) = await office.jobs.plans("e3", "held")
    assert "20 grants would follow" in plan.held[0]


async def test_an_exclusion_that_shrank_is_remembered_while_its_people_wait(office: Office) -> None:
    out = office.tenant.add_group("Out")
    policy = {**SALES, "excluded": {"groups": [out]}}
    e3 = await office.offer("e3", 0, policy=policy)
    for number in range(20):
        await office.hire(f"P{number}", "Sales", out)
    await office.settle()
    office.tenant.leave(out, *office.tenant.members(out))
    await step(office, minutes=5)
    office.tenant.set_seats(e3.skus()[0], 100)
    await step(office, minutes=5)
    assert not office.members(e3)
    (plan,) = await office.jobs.plans("e3", "held")
    assert "20 grants would follow" in plan.held[0]


async def test_people_who_come_and_go_make_no_source_suspicious(office: Office) -> None:
    """A little goes each day and is believed, though there is always someone in grace."""
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", 500, policy={"groups": [team]}, grace="2d")
    people = [await office.hire(f"P{n}", "IT", team) for n in range(60)]
    await office.settle()
    for day in range(12):
        for person in people[day * 4 : day * 4 + 4]:
            office.tenant.leave(team, person)
        await step(office, days=1)
        assert not (await office.jobs.status()).bundles[0].held
    await step(office, days=3)
    assert len(office.members(e3)) == 12


async def test_an_approved_plan_is_sent_by_the_compile_and_not_by_a_hint(office: Office) -> None:
    limits = {"grants": {"percent": None, "count": 0}}
    e3 = await office.offer("e3", limits=limits)
    ada = await office.hire("Ada", "Sales")
    await office.run()
    (plan,) = await office.jobs.plans("e3", "held")
    await office.jobs.release(plan.id, "ben", "r")
    office.queue.hints.clear()
    office.clock.advance(60)
    await office.jobs.recompile(hint_message(Hint((ada,))), "hint")
    await office.deliver_all()
    assert not office.members(e3)
    await step(office, minutes=5)
    assert office.members(e3) == {ada}
    stored = await office.jobs.plan(plan.id)
    assert stored is not None
    assert stored.state == PlanState.SENT


async def test_a_released_plan_waits_for_its_addons_and_is_sent_as_it_was_approved(
    office: Office,
) -> None:
    base = await office.offer("base", limits=STRICT)
    addon = await office.offer(
        "addon", policy={"rule": "user.accountEnabled -eq true"}, requires=["base"]
    )
    people = {await office.hire(f"P{n}", "Sales") for n in range(3)}
    stays = await office.hire("Stays", "Sales")
    await office.settle()
    assert office.members(addon) == people | {stays}
    for person in people:
        office.tenant.move(person, department="IT")
    await step(office, minutes=5)
    assert office.members(addon) == people | {stays}
    (plan,) = await office.jobs.plans("base", "held")
    assert plan.revokes == 3
    await office.jobs.release(plan.id, "ada", "r")
    await office.follow_hints()
    await office.deliver_all()
    assert office.members(addon) == {stays}
    assert office.members(base) == people | {stays}
    status = {each.id: each for each in (await office.jobs.status()).bundles}
    assert status["base"].reason == "Approved, and sent as soon as addon is gone, which needs it."
    await office.jobs.confirm()
    await step(office, minutes=5)
    assert office.members(base) == {stays}
    stored = await office.jobs.plan(plan.id)
    assert stored is not None
    assert (stored.state, stored.decided_by) == (PlanState.SENT, "ada")


async def test_a_seat_granted_since_the_inventory_is_not_promised_again_after_a_push(
    office: Office,
) -> None:
    sku = office.tenant.add_product("E3", 1)
    a = await office.offer("a", sku=sku)
    b = await office.offer("b", sku=sku, policy={"rule": 'user.department -eq "IT"'})
    await office.hire("Ada", "Sales")
    await office.hire("Ben", "IT")
    await step(office)
    assert len(office.members(a)) == 1
    nobody = Policy.model_validate({"rule": 'user.department -eq "Nobody"'})
    changed = a.model_copy(update={"policy": nobody})
    await office.bundles.put([changed], "ben", office.clock.now())
    office.clock.advance(60)
    await office.jobs.compile("the same inventory again")
    await office.deliver_all()
    assert len(office.members(a) | office.members(b)) == 1
