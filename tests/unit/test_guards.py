"""Guards: what holds a plan, what spares a person, and what a person's word does to it."""

from datetime import timedelta
from typing import Any

import pytest

from domain.bundle import Bundle
from domain.change import Action
from domain.controls import Controls, Pause, Protection
from domain.decision.limits import Limit
from domain.decision.sent import Sent, over_budget, over_share
from domain.decision.sizes import TENANT
from domain.head import Approval, Head, Refusal
from domain.inventory.snapshot import Snapshot
from domain.plan import Plan, PlanState
from domain.tenant_policy import TenantPolicy
from domain.terms import Terms
from tests.unit.worlds import (
    E3,
    E5,
    NOW,
    bundle,
    granted,
    group,
    guid,
    known,
    person,
    plans,
    product,
    revoked,
    snapshot,
    spared,
)

HOUR = NOW.strftime("%Y-%m-%dT%H")


def office(staff: int, leavers: int = 0, joiners: int = 0, **kind: Any) -> Snapshot:
    """So many hold E3 and want it; some hold it and no longer do, some want it and do not hold."""
    names = [f"s{n}" for n in range(staff)] + [f"l{n}" for n in range(leavers)]
    new = [f"j{n}" for n in range(joiners)]
    return snapshot(
        [person(name, E3) for name in names] + [person(name) for name in new],
        {group("LIC-E3", E3): names, group("Staff"): names[:staff] + new},
        **kind,
    )


def e3(**fields: Any) -> Bundle:
    return bundle("LIC-E3", name="e3", **{"policy": {"groups": [guid("Staff")]}, **fields})


def compiled(
    world: Snapshot, head: Head | None = None, terms: Terms | None = None, **fields: Any
) -> Plan:
    each = e3(**fields)
    (plan,) = plans(world, each, facts={"e3": known(each, head=head)}, terms=terms)
    return plan


def tenant(**fields: Any) -> Terms:
    return Terms(TenantPolicy.model_validate(fields))


# Shares, counts and budgets.


@pytest.mark.parametrize(
    ("sent", "holders", "limit", "over"),
    [
        (Sent(21, 0, 0), 100, Limit(percent=20), True),
        (Sent(20, 0, 0), 100, Limit(percent=20), False),
        (Sent(11, 0, 10), 100, Limit(percent=20), True),
        (Sent(10, 0, 10), 100, Limit(percent=20), False),
        (Sent(5, 0, 0), 5, Limit(percent=20, floor=5), False),
        (Sent(6, 0, 0), 5, Limit(percent=20, floor=5), True),
        (Sent(6, 0, 0), 0, Limit(percent=100, floor=5), True),
        (Sent(1, 0, 0), 0, Limit(percent=0), True),
        (Sent(11, 0, 0), 1000, Limit(count=10), True),
        (Sent(10, 0, 99), 1000, Limit(count=10), False),
        (Sent(999, 0, 999), 10, Limit(), False),
    ],
)
def test_a_share_counts_over_a_day_above_its_floor_and_a_count_over_one_plan(
    sent: Sent, holders: int, limit: Limit, over: bool
) -> None:
    assert (over_share(sent, holders, limit) is not None) is over


@pytest.mark.parametrize(
    ("sent", "limit", "over"),
    [
        (Sent(11, 0, 0), Limit(per_hour=10), True),
        (Sent(10, 0, 50), Limit(per_hour=10), False),
        (Sent(5, 6, 6), Limit(per_hour=10), True),
        (Sent(5, 0, 6), Limit(per_day=10), True),
        (Sent(5, 0, 5), Limit(per_day=10), False),
        (Sent(500, 500, 500), Limit(), False),
    ],
)
def test_a_budget_counts_what_went_out_in_the_last_hour_and_day(
    sent: Sent, limit: Limit, over: bool
) -> None:
    assert (over_budget(sent, limit) is not None) is over


def test_too_many_revokes_hold_and_the_sentence_has_the_counts() -> None:
    plan = compiled(office(10, leavers=10), limits={"revokes": {"percent": 20, "floor": 5}})
    assert plan.state is PlanState.HELD
    assert plan.held == (
        "Would revoke 10 for 20 holders (50 %); the limit is 5 (20 %, at least 5). Release the plan"
        " if that is meant; else mend the policy, or change limits.revokes of the bundle.",
    )


def test_a_first_run_is_guarded_against_granting_everyone() -> None:
    plan = compiled(office(0, joiners=12), limits={"grants": {"percent": 100, "floor": 10}})
    assert plan.state is PlanState.HELD
    assert "Would grant 12 for 0 holders; the limit is 10" in plan.held[0]


def test_what_was_granted_lately_counts() -> None:
    limits = {"grants": {"percent": None, "per_hour": 10}}
    head = Head("e3", granted={HOUR: 9})
    assert compiled(office(0, joiners=1), head, limits=limits).state is PlanState.SENT
    held = compiled(office(0, joiners=2), head, limits=limits)
    assert held.held == (
        "Would grant 2 now and 9 in the last 1 hour; the budget is 10 in 1 hour. Wait, or release"
        " the plan.",
    )


def test_the_tenants_limit_counts_over_all_bundles_and_spares_plans_without_a_part() -> None:
    names = ["Ada", "Ben", "Cleo", "Dan"]
    world = snapshot(
        [*(person(name, E3, E5) for name in names), person("Eve")],
        {
            group("LIC-E3", E3): names,
            group("LIC-E5", E5): names,
            group("LIC-Other", E5): ["Ada"],
            group("Two"): names[:2],
        },
    )
    some = {"policy": {"groups": [guid("Two")]}}
    bundles = [
        bundle("LIC-E3", E3, "e3", **some),
        bundle("LIC-E5", E5, "e5", **some),
        bundle("LIC-Other", E5, "other", policy={"people": [guid("Ada"), guid("Eve")]}),
    ]
    on = tenant(limits={"revokes": {"percent": 40, "floor": 0}})
    e3_plan, e5_plan, other = plans(world, *bundles, terms=on)
    assert "Over all bundles together, would revoke 4 for 9 holders (44 %)" in e3_plan.held[0]
    assert e5_plan.state is PlanState.HELD
    assert other.state is PlanState.SENT


def test_a_dry_run_has_no_part_in_the_tenants_limit() -> None:
    on = tenant(limits={"revokes": {"percent": 10, "floor": 0}})
    dry = compiled(office(2, leavers=2), terms=on, mode="dry-run")
    assert not dry.held


# Sources.


def test_a_source_that_shrank_holds_the_revokes_that_follow() -> None:
    world = office(60, leavers=40)
    plan = compiled(world, Head("e3", sizes={guid("Staff"): 100, TENANT: 100}))
    assert "Group Staff" in plan.held[0]
    assert "has lost 40 of 100 people" in plan.held[0]
    assert compiled(world, Head("e3", sizes={guid("Staff"): 75})).state is PlanState.SENT


def test_an_exclusion_that_shrank_holds_the_grants_that_follow() -> None:
    world = snapshot(
        [person(f"p{n}") for n in range(30)],
        {group("LIC-E3", E3): [], group("Out"): []},
    )
    policy = {"rule": "user.accountEnabled -eq true", "excluded": {"groups": [guid("Out")]}}
    plan = compiled(world, Head("e3", sizes={guid("Out"): 30}), policy=policy)
    assert "30 grants would follow" in plan.held[0]


def test_a_tenant_that_shrank_holds_revokes() -> None:
    plan = compiled(office(60, leavers=5), Head("e3", sizes={TENANT: 100}))
    assert plan.held[0].startswith("The tenant has lost 35 of 100 people")


def test_a_close_up_cannot_tell_what_shrank() -> None:
    policy = {"rule": "user.accountEnabled -eq false"}
    near = office(3, whole=False)
    plan = compiled(near, Head("e3", sizes={TENANT: 1000}), policy=policy)
    assert len(revoked(plan)) == 3


# People who are spared.


def test_a_protected_person_is_never_revoked_and_it_says_why() -> None:
    one = Protection(guid("l0"), "ada", NOW, "on trial")
    plan = compiled(office(1, leavers=2), terms=Terms(controls=Controls(None, {one.person: one})))
    assert revoked(plan) == {guid("l1")}
    assert spared(plan) == {guid("l0"): "protected by ada: on trial"}


def exclusive(holds: str, *, leaves: bool = False, also: tuple[tuple[str, str], ...] = ()) -> Plan:
    """Ada claims E5 while she may hold E3; the tenant says their plans exclude each other."""
    world = snapshot(
        [person("Ada", *([E3] if holds else []))],
        {
            group("LIC-E3", E3): holds.split(),
            group("LIC-E5", E5): [],
            group("Wants E3"): [] if leaves else holds.split(),
            group("Wants E5"): ["Ada"],
        },
        [
            product(E3, plans={guid("a"): "MAIL_SMALL"}),
            product(E5, plans={guid("b"): "MAIL_LARGE"}),
        ],
    )
    _, plan = plans(
        world,
        bundle("LIC-E3", E3, "e3", policy={"groups": [guid("Wants E3")]}),
        bundle("LIC-E5", E5, "e5", policy={"groups": [guid("Wants E5")]}),
        terms=tenant(exclusive_plans=also),
    )
    return plan


def test_who_keeps_a_bundle_that_excludes_this_one_is_spared_the_grant() -> None:
    pair = (("MAIL_SMALL", "MAIL_LARGE"),)
    assert spared(exclusive("Ada", also=pair)) == {
        guid("Ada"): "MAIL_LARGE excludes MAIL_SMALL of LIC-E3, which stays"
    }
    assert granted(exclusive("Ada", also=pair, leaves=True)) == {guid("Ada")}
    assert granted(exclusive("", also=pair)) == {guid("Ada")}
    assert granted(exclusive("Ada")) == {guid("Ada")}


# A person's word.


LIMITS = {"revokes": {"percent": 0, "floor": 0}}


def approved(plan: Plan, **fields: Any) -> Approval:
    one = Approval(plan.fingerprint, "ada", NOW, NOW + timedelta(hours=1))
    return Approval(
        **{f: fields.get(f, getattr(one, f)) for f in ("fingerprint", "by", "at", "expires")}
    )


def test_an_approval_sends_exactly_the_plan_it_is_for() -> None:
    held = compiled(office(2, leavers=2), limits=LIMITS)
    head = Head("e3", approval=approved(held))
    sent = compiled(office(2, leavers=2), head, limits=LIMITS)
    assert sent.state is PlanState.SENT
    assert sent.approved_by == "ada"
    assert compiled(office(2, leavers=3), head, limits=LIMITS).state is PlanState.HELD
    late = Head("e3", approval=approved(held, expires=NOW))
    assert compiled(office(2, leavers=2), late, limits=LIMITS).state is PlanState.HELD


@pytest.mark.parametrize("why", ["paused", "old", "unfit"])
def test_no_approval_sends_what_is_paused_too_old_or_cannot_be_carried_out(why: str) -> None:
    world, terms = office(2, leavers=2), Terms()
    held = compiled(world, limits=LIMITS)
    if why == "paused":
        terms = Terms(controls=Controls(Pause("ben", NOW, "audit")))
    if why == "old":
        world = office(2, leavers=2, taken_at=NOW - timedelta(hours=7))
    if why == "unfit":
        world.groups[guid("LIC-E3")].licenses.pop(E3)  # type: ignore[attr-defined]
    again = compiled(world, Head("e3", approval=approved(held)), terms, limits=LIMITS)
    assert again.state is PlanState.HELD


def test_a_pause_holds_everything_and_says_who() -> None:
    paused = Terms(controls=Controls(Pause("ben", NOW, "audit")))
    plan = compiled(office(2, leavers=1), terms=paused)
    assert plan.held == ("Paused by “ben” on 2026-11-22 09:00 UTC: “audit”",)
    quiet = compiled(office(2), terms=paused)
    assert quiet.state is PlanState.EMPTY


def test_a_refused_plan_stays_held_until_it_comes_out_differently() -> None:
    world = office(2, leavers=1)
    refusal = Refusal(compiled(world).fingerprint, "ada", NOW, "she is on leave")
    head = Head("e3", refusal=refusal)
    assert compiled(world, head).held == (
        "Refused by “ada” on 2026-11-22 09:00 UTC: “she is on leave”",
    )
    assert compiled(office(2, leavers=2), head).state is PlanState.SENT


@pytest.mark.parametrize("where", ["app", "tenant", "bundle"])
def test_a_dry_run_is_shown_and_not_sent(where: str) -> None:
    on = Terms(mode="dry-run") if where == "app" else Terms()
    on = tenant(mode="dry-run") if where == "tenant" else on
    fields: dict[str, Any] = {"mode": "dry-run"} if where == "bundle" else {}
    plan = compiled(office(2, leavers=1, joiners=1), terms=on, **fields)
    assert plan.state is PlanState.DRY_RUN
    assert plan.count(Action.REVOKE) == plan.count(Action.GRANT) == 1
    assert not plan.releasable
