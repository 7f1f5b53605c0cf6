"""Withdraw: take back what is still on its way when a newer decision says otherwise and is held.

A plan that is sent takes its people out of earlier pages. One that is held sends nothing, but what
it would reverse must not be carried out meanwhile: someone who pauses Seatflow and mends a mistake
does not want the mistake carried out as soon as the pause ends.
"""

from domain.decision.known import Known
from domain.decision.paging import row_of
from domain.errors import Conflict
from domain.jobs.outcomes import count_withdrawn
from domain.ledger import Page, State
from domain.plan import Plan
from domain.ports import Ports

_DETAIL = "Withdrawn before it was carried out: the next compile came to the contrary."


async def withdraw(ports: Ports, plan: Plan, known: Known) -> None:
    """End each pending change that a held plan would reverse."""
    wanted = {change.person: change.action for change in plan.changes}
    for page in known.pages:
        contrary = [c for c in page.pending() if wanted.get(c.person, c.action) is not c.action]
        if not contrary:
            continue
        now = ports.clock.now()
        rows = [row_of(page, change, State.REFUSED, _DETAIL, now) for change in contrary]
        try:
            await ports.ledger.record(page.end(row.person for row in rows), rows)
        except Conflict:
            # It is being carried out just now; the next compile finds it as it then is.
            _note(ports, page, 0)
            continue
        count_withdrawn(ports, rows)
        _note(ports, page, len(rows))


def _note(ports: Ports, page: Page, changes: int) -> None:
    ports.log.note("page.withdrawn", bundle=page.bundle, page=page.id, changes=changes)
