"""Withdraw: take back what is still on its way when a newer decision says otherwise and is held.

A plan that is sent takes its people out of earlier pages. One that is held sends nothing, but what
it would reverse must not be carried out meanwhile: someone who pauses Seatflow and mends a mistake
does not want the mistake carried out as soon as the pause ends. Nor does whoever changes the bundle
so that it keeps people whose revokes are on their way: no grant of theirs takes the revoke's place.
"""

from collections.abc import Mapping

from domain.change import Action, Change
from domain.decision.known import Known
from domain.decision.paging import row_of
from domain.errors import Conflict
from domain.jobs.outcomes import count_withdrawn
from domain.ledger import Page, State
from domain.plan import Plan, PlanState
from domain.ports import Ports

_CONTRARY = "the next compile came to the contrary"


async def withdraw(ports: Ports, plan: Plan, known: Known) -> None:
    """End each pending change that policy does not ask for any more, or a held plan would reverse.

    A plan that is sent has taken what it reverses out of earlier pages itself.
    """
    recalled = {each.person: each.reason for each in plan.recalled}
    held = plan.changes if plan.state is PlanState.HELD else ()
    wanted = {change.person: change.action for change in held}
    for page in known.pages:
        contrary = {
            c: _CONTRARY for c in page.pending() if wanted.get(c.person, c.action) is not c.action
        }
        unwanted = {
            c: recalled[c.person]
            for c in page.pending()
            if c.action is Action.REVOKE and c.person in recalled
        }
        if contrary or unwanted:
            await _end(ports, page, contrary | unwanted)


async def _end(ports: Ports, page: Page, because: Mapping[Change, str]) -> None:
    now = ports.clock.now()
    rows = [
        row_of(page, change, State.REFUSED, f"Withdrawn before it was carried out: {why}.", now)
        for change, why in because.items()
    ]
    try:
        await ports.ledger.record(page.end(row.person for row in rows), rows)
    except Conflict:
        # It is being carried out just now; the next compile finds it as it then is.
        _note(ports, page, 0)
        return
    count_withdrawn(ports, rows)
    _note(ports, page, len(rows))


def _note(ports: Ports, page: Page, changes: int) -> None:
    ports.log.note("page.withdrawn", bundle=page.bundle, page=page.id, changes=changes)
