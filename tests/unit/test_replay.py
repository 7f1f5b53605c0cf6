"""What came to nothing is told, and tried again at once when a person says so."""

import pytest

from domain.errors import Held, Never
from domain.ledger import State
from domain.message import page_message
from domain.outcome import LicenseError, Refused
from domain.ports import Hint
from tests.unit.office import Office


@pytest.fixture
def office() -> Office:
    return Office()


async def test_a_refused_change_is_tried_again_without_waiting_an_hour(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.targets.answer(ada, Refused("The group is full.", "Raise its quota."))
    await office.run()
    await office.deliver_all()
    (failure,) = (await office.jobs.failures()).changes
    assert failure.row.person == ada
    assert failure.row.detail == "The group is full. Raise its quota."
    assert failure.again_at is not None
    assert failure.name.startswith("ada.")
    assert (await office.run()).changes == 0
    replayed = await office.jobs.replay(None, [], True, "ben", "quota raised", "r2")
    assert (replayed.run, replayed.changes) == ("r2", 1)
    await office.follow_hints()
    await office.deliver_all()
    await office.jobs.confirm()
    assert office.members(e3) == {ada}
    assert (await office.jobs.failures()).changes == ()


async def test_a_replay_is_decided_on_what_policy_says_now(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.targets.answer(ada, Refused("No.", "Nothing."))
    await office.run()
    await office.deliver_all()
    office.tenant.move(ada, department="IT")
    await office.run()
    await office.jobs.replay("e3", [ada], False, "ben", "again", "r2")
    await office.follow_hints()
    await office.deliver_all()
    assert office.members(e3) == frozenset()


async def test_whoever_moved_since_the_inventory_is_tried_again_too(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Legal")
    await office.run()
    office.clock.advance(60)
    office.tenant.move(ada, department="Sales")
    office.targets.answer(ada, Refused("No.", "Nothing."))
    await office.queue.send_hints([Hint(people=(ada,))], office.clock.now())
    await office.follow_hints()
    await office.deliver_all()
    assert office.members(e3) == frozenset()
    office.clock.advance(60)
    await office.jobs.replay("e3", [ada], False, "ben", "again", "r2")
    await office.follow_hints()
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_only_the_chosen_are_put_back(office: Office) -> None:
    await office.offer("e3")
    ada, ben = [await office.hire(name, "Sales") for name in ("Ada", "Ben")]
    for person in (ada, ben):
        office.targets.answer(person, Refused("No.", "Nothing."))
    await office.run()
    await office.deliver_all()
    named = {one.row.person: one.name for one in (await office.jobs.failures()).changes}[ada]
    assert (await office.jobs.replay(None, [named], False, "ben", "again", "r2")).changes == 1
    states = {one.row.person: one.row.state for one in (await office.jobs.failures()).changes}
    assert states == {ada: State.REPLAYED, ben: State.REFUSED}
    await office.offer("f3")
    with pytest.raises(Held, match="No such change"):
        await office.jobs.replay("f3", [], False, "ben", "again", "r3")
    with pytest.raises(Never, match=r"no bundle f4. Stored are: e3, f3\."):
        await office.jobs.replay("f4", [], False, "ben", "again", "r3")
    with pytest.raises(Never, match=r"no bundle f4\."):
        await office.jobs.failures("f4")
    with pytest.raises(Never, match=r"nobody eve@contoso\.com"):
        await office.jobs.replay(None, ["eve@contoso.com"], False, "ben", "again", "r3")
    with pytest.raises(Never, match="Name a bundle"):
        await office.jobs.replay(None, [], False, "ben", "again", "r3")


async def test_a_license_error_that_was_given_up_is_tried_again_on_a_persons_word(
    office: Office,
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    sku = e3.skus()[0]
    office.tenant.spoil_license(ada, sku, LicenseError.UNIQUENESS)
    await office.settle()
    for _ in range(24):
        office.clock.advance(90_000)
        await office.settle()
    (failure,) = (await office.jobs.failures()).changes
    assert (failure.row.tries, failure.again_at) == (10, None)
    assert failure.row.error is LicenseError.UNIQUENESS
    office.tenant.mend_license(ada, sku)
    await office.jobs.replay("e3", [], False, "ben", "address corrected", "r2")
    await office.settle()
    row = await office.row(e3, ada)
    assert (row.state, row.tries, row.managed) == (State.CONFIRMED, 0, True)


async def test_no_seat_left_puts_a_person_back_in_her_old_place(office: Office) -> None:
    e3 = await office.offer("e3", seats=2)
    ada, ben = [await office.hire(name, "Sales") for name in ("Ada", "Ben")]
    office.tenant.pause_licensing()
    began = office.clock.now()
    await office.run()
    await office.deliver_all()
    office.tenant.set_seats(e3.skus()[0], 1)
    office.tenant.resume_licensing()
    office.clock.advance(200)
    await office.jobs.confirm()
    rows = {person: await office.row(e3, person) for person in (ada, ben)}
    (short,) = [person for person, row in rows.items() if row.state is State.WAITING]
    assert rows[short].error is LicenseError.COUNT
    assert (await office.ledger.standing("e3")).tally.failed == 0
    await office.settle()
    waiting = await office.ledger.waiting("e3")
    assert waiting[short].since == began.isoformat(timespec="seconds")
    office.tenant.set_seats(e3.skus()[0], 2)
    office.clock.advance(3600)
    await office.settle()
    assert (await office.row(e3, short)).state is State.CONFIRMED
    assert await office.ledger.waiting("e3") == {}


async def test_a_message_nobody_could_read_is_put_back(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    (sent,) = office.queue.pages
    office.queue.pages.clear()
    body = page_message(sent.bundle, sent.page)
    await office.ledger.note_unreadable("m1", "an older version could not", body.decode())
    assert [one.message for one in (await office.jobs.failures()).messages] == ["m1"]
    assert await office.jobs.replay_message("m1", "ben", "mended")
    assert await office.jobs.replay_message("m1", "ben", "mended") is None
    history = await office.jobs.history("e3", ada)
    assert (history.lines[-1].state, history.lines[-1].by) == ("replayed", "ben")
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_a_message_that_still_cannot_be_read_stays(office: Office) -> None:
    await office.ledger.note_unreadable("m1", "no JSON", "{")
    with pytest.raises(Never, match="still cannot be read"):
        await office.jobs.replay_message("m1", "ben", "again")
    assert [one.message for one in (await office.jobs.failures()).messages] == ["m1"]
