"""Late writes: what reached the target after a later decision about the same person.

A process can stand still in the middle of a write until its lock has run out (a machine that was
paused, a broker that restarted). The page is then carried out by another one, and so is whatever
was decided after it; and the write that stood still arrives last of all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from domain.chain import Entry, Kind, Line, LineState
from domain.change import Action, Change
from domain.errors import Conflict
from domain.jobs.send import send_again
from domain.ledger import Page
from domain.outcome import ALREADY_SO, Applied, Outcome
from domain.ports import Ports


async def note_late(
    ports: Ports, page: Page, outcomes: Mapping[str, Outcome], current: Page | None, message: str
) -> None:
    """Make good what a write undid that arrived after a later decision had been carried out.

    Where that is still being confirmed it is carried out once more. Where it has ended, whom we put
    in is noted to be in by our doing, so that the next compile takes her out again, whatever
    `unmanaged` says; whom we took out is granted the bundle again anyway, if she is entitled.

    Args:
        page: as it was when it was carried out.
        current: as it is; None when all of its changes have ended.
    """
    pending = {change.person for change in current.pending()} if current else set()
    written = [
        change
        for change in page.pending()
        if change.person not in pending and _was_written(outcomes[change.person])
    ]
    if not written:
        return
    await _carry_out_again(ports, page, written)
    granted = [change.person for change in written if change.action is Action.GRANT]
    await _note_members(ports, page, granted, message)


async def _carry_out_again(ports: Ports, page: Page, written: Sequence[Change]) -> None:
    """Send the later pages again whose changes to the contrary are being confirmed."""
    actions = {change.person: change.action for change in written}
    for later in (await ports.ledger.standing(page.bundle)).pages:
        undone = {
            change.person
            for change in later.unconfirmed()
            if actions.get(change.person, change.action) is not change.action
        }
        if later.generation <= page.generation or not undone:
            continue
        try:
            await send_again(ports, replace(later, applied=later.applied - undone))
        except Conflict:
            continue  # it is being closed just now; what is then wrong shows in the next inventory
        _log(ports, page, undone)


async def _note_members(ports: Ports, page: Page, people: Collection[str], message: str) -> None:
    rows = await ports.ledger.rows(page.bundle, sorted(people)) if people else {}
    detail = f"Page {page.id}, from before this, put her into the target late."
    late = [
        replace(row, managed=True, detail=detail)
        for row in rows.values()
        if row.generation > page.generation and row.action is Action.REVOKE
    ]
    if late:
        lines = tuple(Line(row.person, LineState.LATE, detail=detail) for row in late)
        entry = Entry(page.bundle, Kind.NOTED, ports.clock.now(), lines, page=page.id)
        await ports.ledger.note(replace(entry, run=page.run, cause=message), late)
        _log(ports, page, {row.person for row in late})


def _log(ports: Ports, page: Page, people: Collection[str]) -> None:
    ports.log.note("write.late", bundle=page.bundle, page=page.id, people=len(people))


def _was_written(outcome: Outcome) -> bool:
    return isinstance(outcome, Applied) and outcome.detail != ALREADY_SO
