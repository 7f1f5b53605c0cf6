"""The jobs on fakes: order, resumption, partial failure, duplicates."""

import json
from datetime import timedelta
from typing import Any

import pytest

from domain.change import Action
from domain.errors import Conflict, Forbidden, Held, Later, Never
from domain.jobs.sweep import LOST_AFTER
from domain.ledger import State
from domain.outcome import LicenseError, Postponed, Refused
from domain.ports import DeadLetter, Hint
from domain.records import RunState
from tests.fakes.faults import Crash
from tests.unit.office import Office


@pytest.fixture
def office() -> Office:
    return Office()


# The main job.


async def test_membership_becomes_what_policy_says(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    ben = await office.hire("Ben", "IT", e3.target.group)
    await office.settle()
    assert office.members(e3) == {ada}
    assert (await office.row(e3, ada)).state is State.CONFIRMED
    assert (await office.row(e3, ben)).detail == "license gone"
    assert not await office.open_rows()


async def test_a_change_is_not_closed_before_the_license_is_active(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.tenant.pause_licensing()
    await office.run()
    await office.deliver_all()
    await office.jobs.confirm()
    assert (await office.row(e3, ada)).state is State.APPLIED
    office.tenant.resume_licensing()
    await office.jobs.confirm()
    assert (await office.row(e3, ada)).state is State.CONFIRMED


async def test_a_license_error_ends_the_change_with_its_fix(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.tenant.spoil_license(ada, e3.skus()[0], LicenseError.LOCATION)
    await office.settle()
    row = await office.row(e3, ada)
    assert row.state is State.FAILED
    assert "usage location" in row.detail


async def test_a_confirmation_that_comes_second_is_left_to_the_next_look(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    await office.deliver_all()
    office.ledger.fail_next("record", error=Conflict("The page has moved on."))
    await office.jobs.confirm()
    assert (await office.row(e3, ada)).state is State.APPLIED
    await office.jobs.confirm()
    assert (await office.row(e3, ada)).state is State.CONFIRMED


async def test_a_freed_seat_goes_to_the_one_who_waited(office: Office) -> None:
    e3 = await office.offer("e3", seats=1)
    ben = await office.hire("Ben", "Sales")
    await office.settle()
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    assert list(await office.ledger.waiting("e3")) == [ada]
    office.tenant.move(ben, department="IT")
    await office.settle()
    assert office.members(e3) == {ada}
    assert not await office.ledger.waiting("e3")


async def test_someone_no_longer_entitled_is_off_the_waiting_list(office: Office) -> None:
    await office.offer("e3", seats=0)
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.move(ada, department="IT")
    await office.settle()
    assert not await office.ledger.waiting("e3")


async def test_members_seen_entitled_are_adopted_and_leave_when_they_no_longer_are(
    office: Office,
) -> None:
    e3 = await office.offer("e3", unmanaged="adopt")
    ada = await office.hire("Ada", "Sales", e3.target.group)
    ben = await office.hire("Ben", "IT", e3.target.group)
    await office.settle()
    assert office.members(e3) == {ada, ben}
    office.tenant.move(ada, department="IT")
    await office.settle()
    assert office.members(e3) == {ben}


async def test_kept_members_stay_even_after_they_were_entitled(office: Office) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    ada = await office.hire("Ada", "Sales", e3.target.group)
    cleo = await office.hire("Cleo", "Sales")
    await office.settle()
    office.tenant.move(ada, department="IT")
    office.tenant.move(cleo, department="IT")
    await office.settle()
    assert office.members(e3) == {ada}, "Seatflow added Cleo and not Ada"


# Guards.


async def test_a_held_plan_is_kept_shown_and_not_sent(office: Office) -> None:
    limits = {"revokes": {"percent": 10, "floor": 1}}
    e3 = await office.offer("e3", limits=limits)
    gone = [await office.hire(f"P{n}", "IT", e3.target.group) for n in range(5)]
    await office.hire("Ada", "Sales")
    run = await office.run()
    assert run.changes == 0
    assert not office.queue.pages
    assert office.members(e3) == set(gone)
    (plan,) = await office.plans.recent(10)
    assert plan.state == "held"
    status = await office.jobs.status()
    assert status.bundles[0].reason == (
        "Would revoke 5 for 5 holders (100 %); the limit is 1 (10 %, at least 1). Release the plan"
        " if that is meant; else mend the policy, or change limits.revokes of the bundle."
    )


async def test_a_deleted_source_group_blocks_its_bundle_and_no_other(office: Office) -> None:
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]})
    e5 = await office.offer("e5")
    ada = await office.hire("Ada", "Sales", team)
    await office.settle()
    office.tenant.remove_group(team)
    await office.settle()
    assert office.members(e3) == {ada}
    assert office.members(e5) == {ada}
    status = await office.jobs.status()
    assert status.bundles[0].held == 1
    assert "is not in the directory" in str(status.bundles[0].reason)


async def test_an_emptied_source_group_revokes_nothing(office: Office) -> None:
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]})
    ada = await office.hire("Ada", "IT", team)
    await office.settle()
    office.tenant.leave(team, ada)
    await office.settle()
    assert office.members(e3) == {ada}


# Failed reads.


@pytest.mark.parametrize("call", ["people", "groups", "products"])
@pytest.mark.parametrize("before", [True, False])
async def test_a_read_that_fails_makes_no_snapshot_and_no_change(
    office: Office, call: str, before: bool
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    for number in range(8):
        await office.hire(f"New {number}", "Sales")
    seen = await office.warehouse.latest()
    office.directory.fail_next(call, before=before, error=Later("Graph is away", after=5))
    run = await office.run()
    assert (run.state, run.reason) == (RunState.FAILED, "Graph is away")
    assert await office.warehouse.latest() is seen
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_a_dead_token_leads_to_one_full_read(office: Office) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.remove_person(ada)
    office.tenant.expire_tokens()
    run = await office.run()
    assert run.state is RunState.DONE
    assert run.people == 0
    assert "inventory.resync" in office.log.events()


async def test_a_missing_permission_is_named_in_the_run(office: Office) -> None:
    error = Forbidden("Graph refuses users/delta.", "Grant User.Read.All to the app.")
    office.directory.fail_next("people", error=error)
    run = await office.run()
    assert run.reason == "Graph refuses users/delta. Grant User.Read.All to the app."


async def test_without_an_inventory_nothing_is_decided(office: Office) -> None:
    with pytest.raises(Held, match="no inventory yet"):
        await office.jobs.compile("run")


# Fulfillment.


async def test_each_person_ends_with_an_outcome_of_her_own(office: Office) -> None:
    e3 = await office.offer("e3")
    ada, ben, cleo = [await office.hire(name, "Sales") for name in ("Ada", "Ben", "Cleo")]
    office.targets.answer(ben, Refused("Ben is a guest.", "Allow guests."))
    office.targets.answer(cleo, Postponed(30, "throttled"))
    await office.run()
    await office.deliver_all()
    assert (await office.row(e3, ada)).state is State.APPLIED
    assert (await office.row(e3, ben)).detail == "Ben is a guest. Allow guests."
    assert (await office.row(e3, cleo)).state is State.DECIDED
    (again,) = office.queue.pages
    assert again.due - office.clock.now() == timedelta(seconds=30)
    assert again.message.endswith(":1"), "duplicate detection must let the second try through"
    office.clock.advance(31)
    await office.deliver_all()
    assert office.members(e3) == {ada, cleo}


async def test_a_page_put_off_is_found_by_its_own_message_even_if_that_comes_early(
    office: Office,
) -> None:
    """Where the broker's clock is ahead of ours, nothing else would ask for the page."""
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.targets.answer(ada, Postponed(60, "throttled"))
    await office.run()
    (old,) = office.queue.pages
    await office.deliver_all()
    (own,) = office.queue.pages

    await office.deliver(old)
    assert not office.members(e3), "it was put off, and this message is from before"
    await office.deliver(own)
    assert office.members(e3) == {ada}


async def test_each_further_try_waits_longer_than_graph_asks_for(office: Office) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.targets.answer(ada, *[Postponed(10, "throttled")] * 3)
    await office.run()
    waits = []
    for _ in range(3):
        await office.deliver_all()
        waits.append((office.queue.pages[0].due - office.clock.now()).total_seconds())
        office.clock.advance(waits[-1])
    assert waits == [10, 12, 14]


@pytest.mark.parametrize(
    ("error", "state"), [(Later("away", after=7), State.DECIDED), (Never("no", "x"), State.REFUSED)]
)
async def test_an_error_of_the_whole_target_is_everyones(
    office: Office, error: Exception, state: State
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.targets.fail_next("carry_out", error=error)
    await office.run()
    await office.deliver_all()
    assert (await office.row(e3, ada)).state is state


async def test_a_page_that_cannot_be_applied_for_a_day_has_failed(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.targets.answer(ada, *[Postponed(60, "throttled")] * 2)
    await office.run()
    await office.deliver_all()
    office.clock.advance(25 * 3600)
    await office.deliver_all()
    row = await office.row(e3, ada)
    assert (row.state, row.detail) == (State.FAILED, "Given up after 24 hours: throttled")


async def test_a_message_delivered_again_changes_nothing_more(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    (message,) = office.queue.pages
    await office.deliver_all()
    before = await office.row(e3, ada)
    office.clock.advance(10)
    await office.deliver(message)
    assert await office.row(e3, ada) == before
    await office.jobs.confirm()
    await office.deliver(message)
    assert (await office.jobs.status()).bundles[0].granted == 1


async def test_a_later_decision_beats_an_earlier_one_that_arrives_late(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    (grant,) = office.queue.pages
    office.queue.pages.clear()
    office.tenant.move(ada, department="IT")
    office.clock.advance(300)
    await office.run()
    await office.deliver_all()
    await office.jobs.confirm()
    await office.deliver(grant)
    assert office.members(e3) == frozenset()
    assert (await office.row(e3, ada)).action is Action.REVOKE


async def test_a_malformed_message_is_a_failed_outcome_and_its_neighbors_go_on(
    office: Office,
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    await office.jobs.fulfill(b"\xff not json", "m-1")
    await office.jobs.recompile(b'{"version": 1, "people": ["x"]}', "m-2")
    await office.deliver_all()
    assert office.members(e3) == {ada}
    assert (await office.jobs.status()).unreadable == 2


# The outbox.


@pytest.mark.parametrize("call", ["send_pages", "mark_sent"])
@pytest.mark.parametrize("before", [True, False])
async def test_what_was_written_and_not_sent_is_swept(
    office: Office, call: str, before: bool
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    holder: Any = office.queue if call == "send_pages" else office.ledger
    holder.fail_next(call, before=before)
    with pytest.raises(Crash):
        await office.run()
    office.clock.advance(61)
    await office.jobs.sweep()
    await office.deliver_all()
    await office.jobs.confirm()
    assert office.members(e3) == {ada}
    assert (await office.jobs.status()).bundles[0].granted == 1


async def test_a_message_that_was_lost_is_sent_again_after_a_while(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    office.queue.pages.clear()
    office.clock.advance(120)
    await office.jobs.sweep()
    assert not office.queue.pages
    office.clock.advance(LOST_AFTER.total_seconds())
    await office.jobs.sweep()
    (again,) = office.queue.pages
    assert again.message.endswith(":1"), "a long duplicate detection window must not swallow it"
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_dead_letters_become_failed_outcomes_with_their_reason(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    (message,) = office.queue.pages
    office.queue.pages.clear()
    body = json.dumps({"version": 1, "bundle": message.bundle, "page": message.page})
    office.queue.dead += [
        DeadLetter("fulfillment", message.message, body, "MaxDeliveryCountExceeded"),
        DeadLetter("recompile", "m-9", "{}", "MaxDeliveryCountExceeded"),
    ]
    await office.jobs.bury_dead_letters()
    row = await office.row(e3, ada)
    assert row.state is State.FAILED
    assert "MaxDeliveryCountExceeded" in row.detail
    status = await office.jobs.status()
    assert (status.bundles[0].failed, status.unreadable) == (1, 1)
    assert not await office.open_rows()


# Moving people.


async def test_a_hint_makes_the_same_decision_for_one_person(office: Office) -> None:
    team = office.tenant.add_group("Team")
    company = office.tenant.add_group("Company", None, team)
    e3 = await office.offer("e3")
    e5 = await office.offer("e5", policy={"groups": [company]})
    ada = await office.hire("Ada", "Sales")
    ben = await office.hire("Ben", "IT", team)
    await office.settle()
    office.tenant.move(ada, department="IT")
    office.tenant.join(team, ada)
    await office.queue.send_hints([Hint(people=(ada, ben))], office.clock.now())
    await office.follow_hints()
    await office.deliver_all()
    assert office.members(e3) == frozenset()
    assert office.members(e5) == {ada, ben}


async def test_a_hint_about_someone_who_is_gone_changes_nothing(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.remove_person(ada)
    await office.jobs.recompile(json.dumps({"version": 1, "people": [ada]}).encode(), "m")
    assert not office.queue.pages
    assert office.members(e3) == frozenset()


async def test_a_hint_waits_while_another_compile_has_the_turn(office: Office) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    async with office.warehouse.turn():
        await office.jobs.recompile(json.dumps({"version": 1, "people": [ada]}).encode(), "m")
    assert not office.queue.pages
    assert [sent.hint for sent in office.queue.hints] == [Hint(people=(ada,))]


async def test_one_compile_decides_at_a_time(office: Office) -> None:
    await office.offer("e3")
    await office.hire("Ada", "Sales")
    await office.jobs.inventory()
    async with office.warehouse.turn():
        with pytest.raises(Later):
            await office.jobs.compile("run")
    assert not office.queue.pages


async def test_a_deleted_source_group_revokes_no_one_through_a_hint_either(office: Office) -> None:
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]})
    ada = await office.hire("Ada", "IT", team)
    await office.settle()
    office.tenant.remove_group(team)
    await office.jobs.recompile(json.dumps({"version": 1, "people": [ada]}).encode(), "m")
    await office.deliver_all()
    assert office.members(e3) == {ada}


# Answers for people.


async def test_explain_says_what_a_person_holds_and_waits_for_and_why(office: Office) -> None:
    await office.offer("e3")
    await office.offer("e5", seats=0)
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    explained = await office.jobs.explain(ada)
    assert explained is not None
    e3, e5 = explained.bundles
    assert (e3.holds, e3.entitled) == (True, True)
    assert e3.why == 'meets the rule: user.department -eq "Sales"'
    assert e3.last_decision is not None
    assert (e5.holds, e5.entitled) == (False, True)
    assert e5.waiting_for == "No seat is free in E5: all 0 are taken or promised."


async def test_explain_reads_the_person_afresh(office: Office) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "IT")
    await office.settle()
    office.tenant.move(ada, department="Sales")
    explained = await office.jobs.explain(ada)
    assert explained is not None
    assert (explained.bundles[0].entitled, explained.bundles[0].holds) == (True, False)


async def test_explain_knows_nothing_of_nobody(office: Office) -> None:
    assert await office.jobs.explain("00000000-0000-0000-0000-00000000dead") is None


async def test_a_bundle_is_checked_against_the_tenant_before_it_is_stored(office: Office) -> None:
    good = await office.offer("e3")
    await office.run()
    text = good.model_copy(update={"id": "new"}).model_dump_json()
    sku, target = good.skus()[0], good.target.group
    gone = "11111111-1111-1111-1111-111111111111"
    for old, sentence in [(sku, "no subscription for product"), (target, "not in the directory")]:
        with pytest.raises(Never, match=sentence):
            await office.jobs.store_bundle("new", text.replace(old, gone), "ada", "run-p")
    with pytest.raises(Never, match="Expected the bundle other alone, found new"):
        await office.jobs.store_bundle("other", text, "ada", "run-p")
    assert await office.jobs.bundle("new") is None
