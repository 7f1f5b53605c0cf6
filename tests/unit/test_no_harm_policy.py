"""What must never happen where policies meet: relations, pools, grace, guards, a person's word."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from domain.bundle import Bundle
from domain.change import Action
from domain.decision.compile import compile_plans
from domain.decision.difference import differences_of
from domain.decision.limits import Limit
from domain.decision.sent import Sent, over_budget
from domain.errors import Conflict
from domain.head import Head, Refusal
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.ledger import Row, State
from domain.outcome import LicenseError, Refused
from domain.plan import Plan
from domain.tenant_policy import Pool, TenantPolicy
from domain.terms import Terms
from tests.unit.office import SALES, Office
from tests.unit.worlds import (
    E3,
    E5,
    NOW,
    bundle,
    granted,
    group,
    guid,
    known,
    on_its_way,
    person,
    plans,
    product,
    revoked,
    snapshot,
    spared,
)

ADA, BEN = guid("Ada"), guid("Ben")
IT = {"rule": 'user.department -eq "IT"'}
WANTS_BASE = {"groups": [guid("Wants base")]}
STRICT = {"revokes": {"percent": 0, "floor": 0}, "grants": {"percent": None}}


@pytest.fixture
def office() -> Office:
    return Office()


# An add-on does not go because of a base that stays.


def both(want_base: str = "", **kind: Any) -> Snapshot:
    """Ada holds the base and the add-on and no longer wants the base."""
    return snapshot(
        [person("Ada", E3, E5), person("Ben")],
        {
            group("Base", E3): ["Ada"],
            group("Addon", E5): ["Ada"],
            group("Wants base"): want_base.split(),
        },
        **kind,
    )


def base_and_addon(**base: Any) -> tuple[Bundle, Bundle]:
    return (
        bundle("Base", E3, "base", **{"policy": WANTS_BASE, **base}),
        bundle("Addon", E5, "addon", requires=["base"]),
    )


def test_a_base_in_a_dry_run_takes_no_addon_away() -> None:
    _, extra = plans(both("Ben"), *base_and_addon(mode="dry-run"))
    assert not extra.changes


def test_an_empty_source_of_the_base_takes_no_addon_away() -> None:
    base, extra = plans(both(""), *base_and_addon())
    assert base.held
    assert not extra.changes


def test_a_base_whose_plan_is_over_a_limit_takes_no_addon_away() -> None:
    base, extra = plans(both("Ben"), *base_and_addon(limits=STRICT))
    assert base.held
    assert not extra.changes


def test_an_addon_stays_with_who_holds_the_bases_product_by_another_bundle() -> None:
    world = snapshot(
        [person("Ada", E3, E5), person("Ben")],
        {
            group("Base", E3): ["Ada"],
            group("Other", E3): ["Ada"],
            group("Addon", E5): ["Ada"],
            group("Wants base"): ["Ben"],
        },
    )
    base, extra = base_and_addon()
    other = bundle("Other", E3, "other")
    made = {plan.bundle: plan for plan in plans(world, base, extra, other)}
    assert not made["addon"].changes
    assert revoked(made["base"]) == {ADA}


@pytest.mark.parametrize("names", list(permutations("abc")))
def test_a_chain_of_addons_goes_from_its_end_whatever_the_bundles_are_called(
    names: tuple[str, str, str],
) -> None:
    skus = {"one": E3, "two": E5, "three": "c5928f49-12ba-48f7-ada3-0d743a3601d5"}
    one, two, three = names
    world = snapshot(
        [person("Ada", *skus.values()), person("Ben")],
        {
            group("One", skus["one"]): ["Ada"],
            group("Two", skus["two"]): ["Ada"],
            group("Three", skus["three"]): ["Ada"],
            group("Wants base"): ["Ben"],
        },
        [Product(sku, sku, 100, consumed=1) for sku in skus.values()],
    )
    chain = [
        bundle("One", skus["one"], one, policy=WANTS_BASE),
        bundle("Two", skus["two"], two, requires=[one]),
        bundle("Three", skus["three"], three, requires=[two]),
    ]
    made = plans(world, *sorted(chain, key=lambda each: each.id))
    assert {plan.bundle: revoked(plan) for plan in made if revoked(plan)} == {three: {ADA}}


# Make before break: nobody ends with nothing.


def moved(*rows: Row, better: bool = False, **kind: Any) -> tuple[Plan, Plan]:
    """Ada leaves `a` for `b`, which has the same product, or is the lesser one."""
    sku = E5 if better else E3
    world = snapshot(
        [person("Ada", sku)],
        {
            group("A", sku): ["Ada"],
            group("B", E3): ["Ada"] if better else [],
            group("Wants B"): ["Ada"],
        },
        **kind,
    )
    fields: dict[str, Any] = {"supersedes": ["b"]} if better else {}
    a = bundle("A", sku, "a", policy={"rule": 'user.department -eq "Sales"'}, **fields)
    b = bundle("B", E3, "b", policy={"groups": [guid("Wants B")]})
    first, second = plans(world, a, b, facts={"b": known(b, rows=rows)})
    return first, second


def ended(of: str, action: Action, state: State, **fields: Any) -> Row:
    at = NOW - timedelta(minutes=10)
    row = Row(of, ADA, action, state, "because", "no", 1, "", "", at, False, at)
    return replace(row, **fields)


def test_a_grant_that_failed_a_moment_ago_does_not_let_the_old_license_go() -> None:
    first, _ = moved(ended("b", Action.GRANT, State.REFUSED))
    assert not first.changes


def test_a_lesser_license_that_is_not_active_does_not_let_the_better_one_go() -> None:
    """Ada is in both targets; Entra has not given her the lesser license, or has refused it."""
    first, _ = moved(better=True)
    assert not first.changes


async def test_a_license_that_ended_in_an_error_does_not_take_the_old_one_with_it(
    office: Office,
) -> None:
    sku = office.tenant.add_product("E3")
    a = await office.offer("a", sku=sku)
    b = await office.offer("b", sku=sku, policy=IT)
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.spoil_license(ada, sku, LicenseError.DEPENDENCY)
    office.tenant.move(ada, department="IT")
    for _ in range(6):
        office.clock.advance(900)
        await office.run()
        await office.deliver_all()
        await office.jobs.confirm()
    assert ada in office.members(b)
    assert ada in office.members(a)

    office.tenant.mend_license(ada, sku)
    for _ in range(3):
        office.clock.advance(90_000)
        await office.run()
        await office.deliver_all()
        await office.jobs.confirm()
    assert ada in office.members(b)
    assert ada not in office.members(a)


async def test_a_hint_takes_no_license_whose_replacement_waits_for_the_whole_compile(
    office: Office,
) -> None:
    sku = office.tenant.add_product("E3")
    a = await office.offer("a", sku=sku)
    await office.offer("b", sku=sku, policy=IT)
    pool = Pool(name="All", product=sku, seats=50, bundles=("a", "b"))
    await office.bundles.put([], "ben", office.clock.now(), TenantPolicy(pools=(pool,)))
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.clock.advance(300)
    office.tenant.move(ada, department="IT")
    await office.hint(ada)
    assert ada in office.members(a)
    await office.settle()
    assert not office.members(a)


# Close-ups get past nothing.


async def test_an_emptied_group_that_a_rule_names_takes_nothing_through_hints(
    office: Office,
) -> None:
    team = office.tenant.add_group("Team")
    rule = f"user.memberOf -any (group.objectId -in ['{team}'])"
    e3 = await office.offer("e3", policy={"rule": rule}, limits={})
    people = [await office.hire(f"P{n}", "IT", team) for n in range(5)]
    await office.settle()
    office.clock.advance(300)
    office.tenant.leave(team, *people)
    await office.hint(*people)
    assert office.members(e3) == set(people)


async def test_what_a_person_refused_is_not_sent_one_hint_at_a_time(office: Office) -> None:
    limits = {"grants": {"count": 1}}
    e3 = await office.offer("e3", limits=limits)
    people = [await office.hire(f"P{n}", "Sales") for n in range(4)]
    await office.run()
    (plan,) = await office.jobs.plans("e3", "held")
    await office.jobs.refuse(plan.id, "ada", "wrong people")
    for one in people:
        await office.hint(one)
    assert not office.members(e3)


async def test_an_emptied_exclusion_grants_nothing_through_hints(office: Office) -> None:
    barred = office.tenant.add_group("Barred")
    policy = {**SALES, "excluded": {"groups": [barred]}}
    e3 = await office.offer("e3", policy=policy, limits={})
    people = [await office.hire(f"P{n}", "Sales", barred) for n in range(20)]
    await office.settle()
    office.clock.advance(300)
    office.tenant.leave(barred, *people)
    for one in people:
        await office.hint(one)
    assert not office.members(e3)


async def test_a_hint_does_not_get_past_those_who_wait(office: Office) -> None:
    e3 = await office.offer("e3", seats=1)
    await office.hire("Ada", "Sales")
    await office.settle()
    ben = await office.hire("Ben", "Sales")
    await office.run()
    assert ben in await office.ledger.waiting("e3")
    office.tenant.set_seats(e3.skus()[0], 2)
    cleo = await office.hire("Cleo", "Sales")
    office.clock.advance(300)
    await office.hint(cleo)
    assert cleo not in office.members(e3)
    await office.settle()
    assert ben in office.members(e3)


# Seats.


def test_a_pool_counts_what_is_on_its_way_from_a_bundle_that_cannot_be_compared() -> None:
    world = snapshot(
        [person("Ada"), person("Ben")],
        {group("A", E3): [], group("B", E3): [], group("Ben only"): ["Ben"]},
    )
    a = bundle("A", E3, "a")
    b = bundle("B", E3, "b", policy={"groups": [guid("Ben only")]})
    pool = Pool(name="Two", product=E3, seats=1, bundles=("a", "b"))
    facts = {"a": known(a, pages=[on_its_way("a", ADA)]), "b": known(b)}
    terms = Terms(TenantPolicy(pools=(pool,)))
    differences, _ = differences_of([b], facts, world, terms, NOW)
    (plan,) = compile_plans(differences, facts, world, terms, NOW)
    assert not plan.changes


async def test_a_seat_given_by_a_hint_since_the_inventory_is_not_promised_again(
    office: Office,
) -> None:
    e3 = await office.offer("e3", seats=1)
    ada = await office.hire("Ada", "IT")
    ben = await office.hire("Ben", "Sales")
    await office.jobs.inventory()
    office.clock.advance(300)
    office.tenant.move(ben, department="IT")
    office.tenant.move(ada, department="Sales")
    await office.hint(ada)
    await office.jobs.confirm()
    assert office.members(e3) == {ada}
    await office.jobs.compile("timer")
    assert not await office.open_rows()


def exclusive(*inside: str, seats: int = 100) -> Snapshot:
    """Two bundles of products that no one can hold together."""
    return snapshot(
        [person("Ada"), person("Ben")],
        {group("A", E3): inside, group("B", E5): [], group("Wants base"): ["Ben"]},
        [
            product(E3, seats, plans={"p1": "EXCHANGE_S_STANDARD"}),
            product(E5, plans={"p2": "EXCHANGE_S_ENTERPRISE"}),
        ],
    )


def test_who_waits_for_one_of_two_bundles_that_exclude_each_other_gets_the_other() -> None:
    a, b = bundle("A", E3, "a"), bundle("B", E5, "b")
    first, second = plans(exclusive(seats=0), a, b)
    assert {wait.person for wait in first.waiting} == {ADA, BEN}
    facts = {"a": known(a, waiting=first.waiting)}
    for seats in (0, 100):
        first, second = plans(exclusive(seats=seats), a, b, facts=facts)
        assert not first.changes
        assert granted(second) == {ADA, BEN}


def test_who_leaves_a_bundle_in_a_dry_run_only_gets_none_that_it_excludes() -> None:
    leaving = bundle("A", E3, "a", policy=WANTS_BASE, mode="dry-run")
    first, second = plans(exclusive("Ada"), leaving, bundle("B", E5, "b"))
    assert revoked(first) == {ADA}
    assert granted(second) == {BEN}


def test_a_bundle_that_cannot_be_compared_still_excludes() -> None:
    world, a, b = exclusive("Ada"), bundle("A", E3, "a"), bundle("B", E5, "b")
    facts = {"a": known(a), "b": known(b)}
    differences, _ = differences_of([b], facts, world, Terms(), NOW)
    (plan,) = compile_plans(differences, facts, world, Terms(), NOW)
    assert granted(plan) == {BEN}
    assert list(spared(plan)) == [ADA]


# Guards that are not talked round by time.


async def test_grace_does_not_make_a_shrunken_source_believed(office: Office) -> None:
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]}, grace="2d")
    people = [await office.hire(f"P{n}", "IT", team) for n in range(30)]
    await office.settle()
    office.tenant.leave(team, *people[:20])
    await office.settle()
    assert (await office.jobs.status()).bundles[0].leaving == 20
    for _ in range(3):
        office.clock.advance(86_400)
        await office.run()
        await office.deliver_all()
    assert len(office.members(e3)) == 30
    (plan,) = await office.jobs.plans("e3", "held")
    await office.jobs.release(plan.id, "ada", "r")
    await office.follow_hints()
    await office.deliver_all()
    assert len(office.members(e3)) == 10


@pytest.mark.parametrize("why", ["refused", "over its own limit"])
def test_a_plan_that_is_held_anyway_does_not_use_up_the_tenants_limit(why: str) -> None:
    """Else one plan that nobody releases would hold those of every other bundle for ever."""
    names = [f"P{n}" for n in range(30)]
    world = snapshot(
        [person(name, E3) for name in [*names, "Ada"]],
        {group("A", E3): names, group("B", E3): ["Ada"], group("Wants base"): ["Nobody", "P0"]},
    )
    a = bundle("A", E3, "a", policy=WANTS_BASE, limits=STRICT if why != "refused" else {})
    b = bundle("B", E3, "b", policy={"rule": 'user.department -eq "Sales"'})
    limits = {"revokes": {"percent": 20, "floor": 5}}
    terms = Terms(TenantPolicy.model_validate({"limits": limits}))
    first, second = plans(world, a, b, terms=terms)
    assert first.held
    if why == "refused":
        refusal = Refusal(first.fingerprint, "ben", NOW, "no")
        facts = {"a": known(a, head=Head("a", refusal=refusal))}
        first, second = plans(world, a, b, terms=terms, facts=facts)
    assert first.held
    assert revoked(second) == {ADA}
    assert not second.held


def test_a_budget_smaller_than_the_plan_does_not_tell_anyone_to_wait() -> None:
    told = over_budget(Sent(30, 0, 0), Limit(per_hour=10))
    assert told is not None
    assert "more than the whole budget" in told


# A person's word.


async def held(office: Office, **fields: Any) -> Bundle:
    e3 = await office.offer("e3", **{"limits": STRICT, **fields})
    await office.hire("Leaver", "IT", e3.target.group)
    await office.run()
    return e3


async def release(office: Office, each: Bundle) -> None:
    newest = (await office.jobs.status()).bundles[0].plan
    assert newest
    await office.jobs.release(newest, "ada", "r")
    await office.follow_hints()
    await office.deliver_all()
    assert not office.members(each)


async def test_a_plan_first_shown_in_a_dry_run_can_be_released_once_that_is_over(
    office: Office,
) -> None:
    e3 = await held(office, mode="dry-run")
    office.clock.advance(300)
    await office.put(e3, mode="live")
    await office.run()
    await release(office, e3)


async def test_a_plan_first_held_by_a_pause_can_be_released_once_that_is_over(
    office: Office,
) -> None:
    await office.jobs.pause("ben", "audit")
    e3 = await held(office)
    await office.jobs.resume("ben", "done", "")
    office.clock.advance(300)
    await office.run()
    await release(office, e3)


async def test_a_refusal_outlives_a_pause(office: Office) -> None:
    e3 = await held(office)
    (plan,) = await office.jobs.plans("e3", "held")
    await office.jobs.refuse(plan.id, "ada", "no")
    await office.jobs.pause("ben", "audit")
    office.clock.advance(300)
    await office.run()
    await office.jobs.resume("ben", "done", "")
    await office.put(e3, limits={"revokes": {"percent": 100}})
    for _ in range(2):
        office.clock.advance(300)
        await office.run()
        await office.deliver_all()
    assert office.members(e3)


async def test_a_mistake_mended_during_a_pause_is_not_carried_out_after_it(
    office: Office,
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.clock.advance(300)
    await office.put(e3, policy=IT)
    await office.run()
    await office.jobs.pause("ben", "wrong policy")
    await office.deliver_all()
    await office.put(e3, policy=SALES)
    office.clock.advance(300)
    await office.run()
    await office.jobs.resume("ben", "mended", "")
    office.clock.advance(600)
    await office.deliver_all()
    assert office.members(e3) == {ada}


# One bundle's bad moment is its own.


async def test_a_conflict_over_one_blocked_bundle_does_not_stop_the_others(
    office: Office,
) -> None:
    team = office.tenant.add_group("Team")
    await office.offer("a", policy={"groups": [team]})
    b = await office.offer("b")
    ada = await office.hire("Ada", "Sales")
    office.tenant.remove_group(team)
    office.ledger.fail_next("keep_head", error=Conflict("The head of a has moved on."))
    await office.run()
    await office.deliver_all()
    assert office.members(b) == {ada}


# Whose member she is.


async def test_a_grant_refused_while_she_is_still_inside_leaves_her_ours(office: Office) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.clock.advance(300)
    office.tenant.move(ada, department="IT")
    await office.run()
    office.tenant.move(ada, department="Sales")
    office.clock.advance(300)
    await office.run()
    office.targets.answer(ada, Refused("No.", "Ask."))
    await office.deliver_all()
    assert office.members(e3) == {ada}
    office.tenant.move(ada, department="IT")
    office.clock.advance(7200)
    await office.settle()
    assert not office.members(e3)


async def test_a_grant_given_up_in_a_long_pause_makes_nobody_ours(office: Office) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    await office.jobs.pause("ben", "audit")
    for _ in range(26):
        await office.deliver_all()
        office.clock.advance(3600)
    office.tenant.join(e3.target.group, ada)
    await office.jobs.resume("ben", "done", "")
    office.tenant.move(ada, department="IT")
    for _ in range(4):
        office.clock.advance(3600)
        await office.run()
        await office.deliver_all()
    assert office.members(e3) == {ada}


# What is told is what is done.


async def test_explain_says_what_a_dry_run_of_everything_computes(office: Office) -> None:
    lesser = await office.offer("e3")
    better = await office.offer("e5", supersedes=["e3"])
    ada = await office.hire("Ada", "Sales", lesser.target.group, better.target.group)
    tenant = TenantPolicy(mode="dry-run")
    await office.bundles.put([], "ben", office.clock.now(), tenant)
    await office.run()
    (plan, *_) = await office.jobs.plans("e3")
    shown = await office.jobs.plan(plan.id)
    assert shown is not None
    assert [change.person for change in shown.changes] == [ada]
    told = await office.jobs.explain(ada, "e3")
    assert told is not None
    assert not told.bundles[0].entitled
