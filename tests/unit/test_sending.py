"""What is written down goes on the queue in the order in which it is to be carried out."""

from domain.change import Action, Change
from domain.jobs.sending import put_on_queue
from domain.ledger import Page
from tests.unit.office import Office


async def test_what_is_urgent_goes_first_and_what_has_one_target_together() -> None:
    office = Office()
    now = office.clock.now()

    def page(id: str, target: str, *, urgent: bool = False) -> Page:
        changes = (Change(Action.GRANT, id, "entitled"),)
        return Page(id, "teams", target, 1, "plan", "run", changes, now, now, now, urgent=urgent)

    written = [page("1", "north"), page("2", "south"), page("3", "north")]
    written += [page("4", "south", urgent=True), page("5", "north", urgent=True)]
    await put_on_queue(office.ports, written)

    assert [each.page for each in office.queue.pages] == ["5", "4", "1", "3", "2"]
