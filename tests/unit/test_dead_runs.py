"""A run whose host dies each time ends in the dead-letter queue; who asked for it must be told."""

from domain.message import hint_message, page_message
from domain.outcome import Postponed
from domain.ports import DeadLetter
from domain.records import RunState
from tests.unit.office import Office


async def test_a_run_whose_message_is_dead_lettered_ends_as_failed() -> None:
    office = Office()
    await office.offer("teams")
    await office.jobs.start_run("asked")
    sent = office.queue.hints.pop()
    body = hint_message(sent.hint).decode()
    office.queue.dead.append(DeadLetter("recompile", sent.message, body, "MaxDelivery"))
    await office.jobs.bury_dead_letters()
    run = await office.runs.get("asked")
    assert run is not None
    assert run.state is RunState.FAILED
    assert not await office.ledger.unreadable()


async def test_a_page_whose_message_only_expired_is_sent_again() -> None:
    office = Office()
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    sent = office.queue.pages.pop()
    body = page_message(sent.bundle, sent.page).decode()
    letter = DeadLetter("fulfillment", sent.message, body, "TTLExpiredException: it expired.")
    office.queue.dead.append(letter)
    await office.jobs.bury_dead_letters()
    assert [again.page for again in office.queue.pages] == [sent.page]
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_a_letter_from_before_a_page_was_sent_again_ends_nothing() -> None:
    office = Office()
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    sent = office.queue.pages[0]
    office.targets.answer(ada, Postponed(1, "busy"))
    await office.deliver(office.queue.pages.pop(0))
    body = page_message(sent.bundle, sent.page).decode()
    office.queue.dead.append(DeadLetter("fulfillment", sent.message, body, "MaxDelivery"))
    await office.jobs.bury_dead_letters()
    office.clock.advance(60)
    await office.deliver_all()
    assert office.members(e3) == {ada}
