"""What must never happen: a license lost, a seat oversold, a change forgotten, by our doing."""

import json
from typing import Any

import pytest

from domain.errors import BundleError, Forbidden, Later
from domain.ledger import State
from domain.message import page_message
from domain.outcome import Applied, Postponed, Refused
from domain.policy import Policy
from domain.ports import DeadLetter, Hint
from tests.unit.office import Office

SAFE: dict[str, Any] = {"limits": {}}
"""The limits a bundle has when it says nothing."""


@pytest.fixture
def office() -> Office:
    return Office()


async def hint(office: Office, *people: str) -> None:
    await office.queue.send_hints([Hint(people)], office.clock.now())
    await office.follow_hints()
    await office.deliver_all()


# Older facts do not undo newer decisions.


@pytest.mark.parametrize(("before", "after"), [("IT", "Sales"), ("Sales", "IT")])
async def test_an_older_snapshot_does_not_reverse_what_a_hint_decided(
    office: Office, before: str, after: str
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", before)
    await office.settle()
    office.clock.advance(300)
    await office.jobs.inventory()
    office.clock.advance(10)
    office.tenant.move(ada, department=after)
    await hint(office, ada)
    decided = office.members(e3)
    assert decided == ({ada} if after == "Sales" else set())
    office.clock.advance(20)
    await office.jobs.compile("timer")
    await office.deliver_all()
    assert office.members(e3) == decided


async def test_a_snapshot_that_lags_behind_a_hint_does_not_reverse_it(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "IT")
    await office.settle()
    office.clock.advance(300)
    office.tenant.move(ada, department="Sales")
    await hint(office, ada)
    office.tenant.people[ada].attributes["department"] = "IT"  # type: ignore[index]
    office.clock.advance(30)
    await office.run()
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_a_mistaken_policy_is_put_right_on_the_same_snapshot(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    policy = Policy.model_validate({"rule": 'user.department -eq "IT"'})
    wrong = e3.model_copy(update={"policy": policy})
    await office.bundles.put([wrong], "oops", office.clock.now())
    await office.jobs.compile("mistake")
    await office.deliver_all()
    await office.bundles.put([e3], "mended", office.clock.now())
    await office.jobs.compile("mended")
    await office.deliver_all()
    assert office.members(e3) == {ada}


# Hints do not get past the guards.


async def test_an_emptied_source_group_takes_nothing_through_hints(office: Office) -> None:
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={"groups": [team]}, **SAFE)
    people = [await office.hire(f"P{n}", "IT", team) for n in range(5)]
    await office.settle()
    office.clock.advance(300)
    office.tenant.leave(team, *people)
    await hint(office, *people)
    assert office.members(e3) == set(people)


async def test_a_held_bundle_is_not_emptied_one_hint_at_a_time(office: Office) -> None:
    e3 = await office.offer("e3", **SAFE)
    people = [await office.hire(f"P{n}", "Sales") for n in range(20)]
    await office.settle()
    for person in people:
        office.tenant.move(person, department=None)
    office.clock.advance(300)
    await office.run()
    for person in people:
        await hint(office, person)
        office.clock.advance(3)
    assert office.members(e3) == set(people)


async def test_moving_between_two_sources_keeps_the_license(office: Office) -> None:
    one, two = office.tenant.add_group("One"), office.tenant.add_group("Two")
    e3 = await office.offer("e3", policy={"groups": [one, two]}, **SAFE)
    ada = await office.hire("Ada", "IT", one)
    await office.hire("Ben", "IT", two)
    await office.settle()
    office.clock.advance(300)
    office.tenant.leave(one, ada)
    await hint(office, ada)
    office.tenant.join(two, ada)
    await hint(office, ada)
    assert ada in office.members(e3)


async def test_a_second_move_is_followed_while_the_first_is_on_its_way(office: Office) -> None:
    e3 = await office.offer("e3", **SAFE)
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.clock.advance(300)
    for department in ("IT", "Sales"):
        office.tenant.move(ada, department=department)
        await office.queue.send_hints([Hint((ada,))], office.clock.now())
        await office.follow_hints()
        office.clock.advance(3)
    await office.deliver_all()
    assert office.members(e3) == {ada}


# Make before break; seats.


async def test_a_move_between_bundles_of_one_product_never_loses_it(office: Office) -> None:
    sku = office.tenant.add_product("E3")
    a = await office.offer("a", sku=sku)
    b = await office.offer("b", sku=sku, policy={"rule": 'user.department -eq "IT"'})
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.move(ada, department="IT")
    office.clock.advance(300)
    await office.run()
    assert [page.session for page in office.queue.pages] == [b.target.group]
    await office.deliver_all()
    await office.jobs.confirm()
    await office.settle()
    assert not office.members(a)
    assert office.members(b) == {ada}


async def test_two_compiles_of_one_snapshot_promise_a_seat_once(office: Office) -> None:
    e3 = await office.offer("e3", seats=1)
    for name in ("Ada", "Ben"):
        await office.hire(name, "Sales")
    await office.run()
    await office.deliver_all()
    await office.jobs.confirm()
    office.clock.advance(300)
    await office.jobs.compile("again")
    await office.deliver_all()
    assert len(office.members(e3)) == 1


async def test_a_blocked_bundle_keeps_the_seats_on_their_way_from_it(office: Office) -> None:
    sku = office.tenant.add_product("E3", 1)
    team = office.tenant.add_group("Team")
    a = await office.offer("a", sku=sku, policy={"groups": [team]})
    b = await office.offer("b", sku=sku)
    await office.hire("Ada", "IT", team)
    await office.run()
    await office.hire("Ben", "Sales")
    office.tenant.remove_group(team)
    office.clock.advance(300)
    await office.run()
    await office.deliver_all()
    assert len(office.members(a) | office.members(b)) == 1


# Whose member she is.


async def test_a_revoke_that_had_no_effect_is_tried_again(office: Office) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.move(ada, department="IT")
    office.targets.answer(ada, Applied("already so"))
    for _ in range(30):
        office.clock.advance(3600)
        await office.run()
        await office.deliver_all()
        await office.jobs.confirm()
    assert office.members(e3) == frozenset()


async def test_a_grant_that_was_written_and_dead_lettered_is_still_ours(office: Office) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    message = office.queue.pages.pop()
    office.ledger.fail_next("record", error=Later("The storage is away."))
    with pytest.raises(Later):
        await office.deliver(message)
    body = page_message(message.bundle, message.page).decode()
    office.queue.dead.append(DeadLetter("fulfillment", message.message, body, "MaxDelivery"))
    await office.jobs.bury_dead_letters()
    assert office.members(e3) == {ada}
    office.tenant.move(ada, department="IT")
    office.clock.advance(7200)
    await office.settle()
    assert office.members(e3) == frozenset()


# Bundles that would do harm are not stored.


async def test_a_stored_bundle_keeps_its_target(office: Office) -> None:
    e3 = await office.offer("e3")
    other = office.tenant.add_group("LIC-Other")
    text = e3.model_dump_json().replace(e3.target.group, other)
    with pytest.raises(BundleError, match="keeps its target"):
        await office.jobs.store_bundle("e3", text, "ada", "run-p")


async def test_a_bundle_may_not_feed_on_its_own_target(office: Office) -> None:
    document = json.loads((await office.offer("e3")).model_dump_json())
    document["policy"]["excluded"]["groups"] = [document["target"]["group"]]
    with pytest.raises(BundleError, match="cannot be a source or an exclusion of its own bundle"):
        await office.jobs.store_bundle("e3", json.dumps(document), "ada", "run-p")


# Bookkeeping does not block.


async def test_a_held_plan_costs_no_one_the_place_in_the_waiting_list(office: Office) -> None:
    limits = {"revokes": {"percent": 0, "floor": 0}}
    e3 = await office.offer("e3", seats=1, limits=limits)
    ben = await office.hire("Ben", "Sales")
    await office.settle()
    ada = await office.hire("Ada", "Sales")
    await office.run()
    since = (await office.ledger.waiting("e3"))[ada].since
    office.tenant.set_seats(e3.skus()[0], 2)
    office.tenant.move(ben, department="IT")
    office.clock.advance(300)
    await office.run()
    assert (await office.jobs.status()).bundles[0].held
    assert (await office.ledger.waiting("e3"))[ada].since == since


async def test_who_was_put_on_the_waiting_list_by_a_hint_keeps_her_place(office: Office) -> None:
    await office.offer("e3", seats=0)
    await office.settle()
    ada = await office.hire("Ada", "Sales")
    await hint(office, ada)
    since = (await office.ledger.waiting("e3"))[ada].since
    assert (await office.jobs.status()).bundles[0].waiting == 1
    office.clock.advance(300)
    await office.run()
    assert (await office.ledger.waiting("e3"))[ada].since == since
    office.tenant.move(ada, department="IT")
    office.clock.advance(300)
    await office.run()
    assert not await office.ledger.waiting("e3")


async def test_a_revoke_that_is_refused_again_and_again_counts_once(office: Office) -> None:
    await office.offer("e3", **SAFE)
    people = [await office.hire(f"P{n}", "Sales") for n in range(10)]
    await office.settle()
    office.tenant.move(people[0], department="IT")
    for _ in range(8):
        office.clock.advance(3700)
        office.targets.answer(people[0], Refused("No.", "Ask."))
        await office.run()
        await office.deliver_all()
    assert not (await office.jobs.status()).bundles[0].held


async def test_one_bundle_that_cannot_be_read_keeps_no_other_open(office: Office) -> None:
    await office.offer("a")
    b = await office.offer("b")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    await office.deliver_all()
    office.directory.fail_next("licenses", error=Forbidden("Hidden.", "Grant User.Read.All."))
    await office.jobs.confirm()
    assert (await office.row(b, ada)).state is State.CONFIRMED


async def test_patience_begins_when_the_group_was_written(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.tenant.pause_licensing()
    await office.run()
    office.clock.advance(23 * 3600)
    await office.deliver_all()
    office.clock.advance(2 * 3600)
    await office.jobs.confirm()
    assert (await office.row(e3, ada)).state is State.APPLIED


async def test_a_message_from_before_a_page_was_put_off_does_not_hurry_it(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    first = office.queue.pages.pop()
    office.targets.answer(ada, Postponed(150, "throttled"))
    await office.deliver(first)
    await office.deliver(first)
    assert office.members(e3) == frozenset()
    office.clock.advance(151)
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_a_revoke_says_what_had_entitled_the_person(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.move(ada, department="IT")
    await office.settle()
    reason = (await office.row(e3, ada)).reason
    assert reason == 'no longer entitled; was: meets the rule: user.department -eq "Sales"'
