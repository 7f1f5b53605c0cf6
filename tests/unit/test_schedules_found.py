"""What random schedules found, each as the shortest story that shows it."""

import pytest

from domain.message import page_message
from domain.ports import DeadLetter
from tests.unit.office import Office


@pytest.mark.xfail(
    strict=True,
    reason="A grant that a revoke takes the place of leaves no row, so when the revoke comes to"
    " nothing nobody knows that it was us who put her in, and `unmanaged: keep` keeps her.",
)
async def test_whoever_we_put_in_stays_ours_when_her_revoke_is_dead_lettered() -> None:
    """She was given the bundle, and not seen to hold it yet when it was to be taken back."""
    office = Office()
    teams = await office.offer("teams", unmanaged="keep")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    await office.deliver_all()
    assert office.members(teams) == {ada}
    office.tenant.move(ada, department="IT")
    office.clock.advance(300)
    await office.run()
    (sent,) = office.queue.pages
    office.queue.pages.clear()
    body = page_message(sent.bundle, sent.page).decode()
    office.queue.dead.append(DeadLetter("fulfillment", sent.message, body, "locks were lost"))
    await office.jobs.bury_dead_letters()
    office.clock.advance(90_000)
    await office.settle()
    assert office.members(teams) == frozenset()
