"""A person's word: release, refuse, pause, protect; and the last door before the tenant."""

import json
from datetime import timedelta
from typing import Any

import pytest

from domain.bundle import Bundle
from domain.errors import Held, Never
from domain.plan import PlanState
from domain.records import StoredPlan
from domain.tenant_policy import TenantPolicy
from tests.unit.office import Office

STRICT = {"revokes": {"percent": 0, "floor": 0}, "grants": {"percent": None}}


@pytest.fixture
def office() -> Office:
    return Office()


async def held(office: Office, leavers: int = 1, **fields: Any) -> tuple[Bundle, StoredPlan]:
    """Let so many people in the target have left Sales, so that their revokes are held."""
    e3 = await office.offer("e3", **{"limits": STRICT, **fields})
    for number in range(leavers):
        await office.hire(f"Leaver {number}", "IT", e3.target.group)
    await office.run()
    (plan,) = await office.jobs.plans("e3", "held")
    return e3, plan


async def compile_hinted(office: Office) -> None:
    """Follow the hint that a release puts on the queue, and deliver what it sends."""
    await office.follow_hints()
    await office.deliver_all()


async def test_a_released_plan_is_sent_at_once_under_its_own_name(office: Office) -> None:
    e3, plan = await held(office)
    released = await office.jobs.release(plan.id, "ada", "run-x")
    assert released is not None
    assert released.state == PlanState.RELEASED
    await compile_hinted(office)
    assert not office.members(e3)
    sent = await office.jobs.plan(plan.id)
    assert sent is not None
    assert (sent.state, sent.decided_by) == ("sent", "ada")
    assert (await office.jobs.status()).bundles[0].plan == ""


async def test_an_approval_is_void_when_the_next_compile_comes_to_something_else(
    office: Office,
) -> None:
    e3, plan = await held(office)
    await office.jobs.release(plan.id, "ada", "run-x")
    office.queue.hints.clear()
    another = await office.hire("Another", "IT", e3.target.group)
    await office.run()
    assert another in office.members(e3)
    await office.deliver_all()
    assert len(office.members(e3)) == 2
    old = await office.jobs.plan(plan.id)
    assert old is not None
    assert old.state == PlanState.VOID
    (newer,) = await office.jobs.plans("e3", "held")
    assert newer.revokes == 2
    with pytest.raises(Held, match="not what the newest compile came to"):
        await office.jobs.release(plan.id, "ada", "run-y")


async def test_an_approval_expires(office: Office) -> None:
    e3, plan = await held(office)
    await office.jobs.release(plan.id, "ada", "run-x")
    office.queue.hints.clear()
    office.clock.advance(5 * 3600)
    await office.run()
    await office.deliver_all()
    assert len(office.members(e3)) == 1
    again = await office.jobs.plan(plan.id)
    assert again is not None
    assert (again.state, again.decided_because) == ("held", "The approval has expired.")


async def test_the_same_plan_held_again_keeps_its_name(office: Office) -> None:
    _, plan = await held(office)
    office.clock.advance(300)
    await office.run()
    assert [one.id for one in await office.jobs.plans("e3", "held")] == [plan.id]


async def test_a_refused_plan_is_not_sent_even_when_the_limit_is_lifted(office: Office) -> None:
    e3, plan = await held(office)
    await office.jobs.refuse(plan.id, "ada", "she is on leave")
    lifted = e3.model_copy(
        update={"limits": e3.limits.model_copy(update={"revokes": e3.limits.grants})}
    )
    await office.bundles.put([lifted], "ben", office.clock.now())
    await office.run()
    await office.deliver_all()
    assert len(office.members(e3)) == 1
    (status,) = (await office.jobs.status()).bundles
    assert (status.refused_by, status.held) == ("ada", 1)
    await office.jobs.release(plan.id, "cleo", "run-x")
    await compile_hinted(office)
    assert not office.members(e3)


async def test_a_plan_nobody_knows_is_not_found(office: Office) -> None:
    assert await office.jobs.release("e3.1-x", "ada", "r") is None
    assert await office.jobs.refuse("e3.1-x", "ada", "no") is None


async def test_a_dry_run_cannot_be_released_and_sends_nothing(office: Office) -> None:
    e3 = await office.offer("e3", mode="dry-run")
    await office.hire("Ada", "Sales")
    leaver = await office.hire("Ben", "IT", e3.target.group)
    await office.run()
    await office.deliver_all()
    assert office.members(e3) == {leaver}
    assert not office.queue.pages
    (plan,) = await office.jobs.plans("e3", "dry-run")
    assert (plan.grants, plan.revokes) == (1, 1)
    with pytest.raises(Held, match="dry run"):
        await office.jobs.release(plan.id, "ada", "r")


async def test_what_is_paused_cannot_be_released(office: Office) -> None:
    await office.jobs.pause("ben", "audit")
    _, plan = await held(office)
    with pytest.raises(Held, match="Paused by “ben”"):
        await office.jobs.release(plan.id, "ada", "r")


# The last door.


async def decided(office: Office) -> tuple[Bundle, str, str]:
    """Decide one grant and one revoke, and deliver nothing yet."""
    e3 = await office.offer("e3")
    joiner = await office.hire("Ada", "Sales")
    leaver = await office.hire("Ben", "IT", e3.target.group)
    await office.run()
    return e3, joiner, leaver


async def test_a_pause_stops_what_is_already_on_the_queue(office: Office) -> None:
    e3, joiner, leaver = await decided(office)
    await office.jobs.pause("ben", "audit")
    await office.deliver_all()
    assert office.members(e3) == {leaver}
    await office.jobs.resume("ben", "done", "")
    office.clock.advance(600)
    await office.deliver_all()
    assert office.members(e3) == {joiner}


async def test_a_person_protected_after_the_decision_keeps_the_license(office: Office) -> None:
    e3, joiner, leaver = await decided(office)
    await office.jobs.protect(leaver, "ben", "on trial")
    await office.deliver_all()
    assert office.members(e3) == {joiner, leaver}
    row = await office.row(e3, leaver)
    assert (row.state, row.detail) == (
        "refused",
        "Protected by ben: on trial Unprotect the person to allow it.",
    )


@pytest.mark.parametrize("where", ["bundle", "tenant"])
async def test_a_dry_run_stops_what_is_already_on_the_queue(office: Office, where: str) -> None:
    e3, _, leaver = await decided(office)
    changed = [e3.model_copy(update={"mode": "dry-run"})] if where == "bundle" else []
    tenant = TenantPolicy(mode="dry-run") if where == "tenant" else None
    await office.bundles.put(changed, "ben", office.clock.now(), tenant)
    await office.deliver_all()
    assert office.members(e3) == {leaver}
    assert not await office.open_rows()


async def test_protecting_nobody_is_refused(office: Office) -> None:
    with pytest.raises(Never, match="There is no person nobody"):
        await office.jobs.protect("nobody@contoso.com", "ben", "why")


async def test_someone_who_left_the_directory_can_be_unprotected(office: Office) -> None:
    ada = await office.hire("Ada", "Sales")
    await office.jobs.protect(ada, "ben", "on trial")
    office.tenant.remove_person(ada)
    assert not (await office.jobs.unprotect(ada, "ben", "gone", "")).protected


# Grace, through the ledger.


async def test_a_leaver_goes_after_her_grace_and_stays_when_she_comes_back(office: Office) -> None:
    e3 = await office.offer("e3", grace="2d")
    ada = await office.hire("Ada", "Sales")
    ben = await office.hire("Ben", "Sales")
    await office.settle()
    for person in (ada, ben):
        office.tenant.move(person, department="IT")
    await office.settle()
    assert office.members(e3) == {ada, ben}
    assert (await office.jobs.status()).bundles[0].leaving == 2
    explained = await office.jobs.explain(ada)
    assert explained is not None
    assert explained.bundles[0].leaving_since is not None
    office.tenant.move(ben, department="Sales")
    await office.settle()
    office.clock.advance(int(timedelta(days=2).total_seconds()))
    await office.settle()
    assert office.members(e3) == {ben}
    assert (await office.jobs.status()).bundles[0].leaving == 0


async def test_a_held_plan_does_not_start_the_grace_anew(office: Office) -> None:
    e3 = await office.offer("e3", grace="2d")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.move(ada, department="IT")
    await office.settle()
    office.clock.advance(49 * 3600)
    await office.jobs.pause("ben", "audit")
    await office.run()
    await office.run()
    await office.jobs.resume("ben", "done", "")
    await office.settle()
    assert not office.members(e3)


# A shrunken source stays held until someone decides.


async def test_a_source_that_shrank_is_not_believed_by_the_second_inventory_either(
    office: Office,
) -> None:
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]})
    people = [await office.hire(f"P{n}", "IT", team) for n in range(30)]
    await office.settle()
    for person in people[:20]:
        office.tenant.leave(team, person)
    for _ in range(3):
        office.clock.advance(300)
        await office.run()
        await office.deliver_all()
    assert len(office.members(e3)) == 30
    (plan,) = await office.jobs.plans("e3", "held")
    await office.jobs.release(plan.id, "ada", "r")
    await compile_hinted(office)
    assert len(office.members(e3)) == 10


async def test_a_priority_that_names_a_group_which_is_gone_blocks_its_own_bundle_only(
    office: Office,
) -> None:
    gone = office.tenant.add_group("Gone")
    rule = f"user.memberOf -any (group.objectId -in ['{gone}'])"
    first = await office.offer("first", priority=[rule])
    second = await office.offer("second")
    ada = await office.hire("Ada", "Sales")
    office.tenant.remove_group(gone)
    await office.run()
    await office.deliver_all()
    assert not office.members(first)
    assert office.members(second) == {ada}
    blocked, _ = (await office.jobs.status()).bundles
    assert "not in the directory" in (blocked.reason or "")


async def test_a_plan_is_told_with_the_names_of_the_people_it_concerns(office: Office) -> None:
    _, plan = await held(office)
    full = await office.jobs.plan(plan.id)
    assert full is not None
    (person,) = full.people()
    assert full.names == {person: office.tenant.people[person].attributes["userPrincipalName"]}


async def test_a_push_is_compiled_at_once_where_there_is_an_inventory(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "IT")
    await office.settle()
    wider = e3.model_dump(mode="json") | {"policy": {"rule": 'user.department -eq "IT"'}}
    files = {"e3.yaml": json.dumps(wider)}
    pushed = await office.jobs.push(files, "ada", "run-p")
    assert [one.changed for one in pushed.stored] == [True]
    await compile_hinted(office)
    assert office.members(e3) == {ada}
    await office.jobs.push(files, "ada", "run-q")
    assert not office.queue.hints


async def test_what_a_person_approved_does_not_use_up_the_limit(office: Office) -> None:
    limits = {"revokes": {"percent": 0, "floor": 1}, "grants": {"percent": None}}
    e3, plan = await held(office, leavers=3, limits=limits)
    await office.jobs.release(plan.id, "ada", "run-x")
    await compile_hinted(office)
    office.clock.advance(300)
    await office.hire("One more", "IT", e3.target.group)
    await office.run()
    await office.deliver_all()
    assert not office.members(e3)


async def test_what_a_pause_kept_back_follows_when_it_ends(office: Office) -> None:
    e3 = await office.offer("e3")
    await office.settle()
    await office.jobs.pause("ben", "audit")
    ada = await office.hire("Ada", "Sales")
    await office.jobs.resume("ben", "done", "run-r")
    await compile_hinted(office)
    assert office.members(e3) == {ada}
