"""A run whose host dies each time ends in the dead-letter queue; who asked for it must be told."""

from domain.message import hint_message
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
