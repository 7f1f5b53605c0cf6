"""Late writes: what reached the target after a later decision about the same person had ended.

A process can stand still in the middle of a write until its lock has run out (a machine that was
paused, a broker that restarted). The page is then carried out by another one, and so is whatever
was decided after it; and the write that stood still arrives last of all.
"""

from collections.abc import Mapping
from dataclasses import replace

from domain.chain import Entry, Kind
from domain.change import Action
from domain.ledger import Page
from domain.lines import line_of
from domain.outcome import Applied, Outcome
from domain.ports import Ports


async def note_late(
    ports: Ports, page: Page, outcomes: Mapping[str, Outcome], current: Page | None, message: str
) -> None:
    """Write down whom we put into the target though a later revoke of her has ended.

    She is in it by our doing, so the next compile takes her out again, whatever `unmanaged` says.
    A late revoke needs no note: whoever is entitled and not in the target is granted it again.

    Args:
        page: as it was when it was carried out.
        current: as it is; None when all of its changes have ended.
    """
    pending = {change.person for change in current.pending()} if current else set()
    written = [
        change.person
        for change in page.pending()
        if change.action is Action.GRANT
        and change.person not in pending
        and outcomes[change.person] == Applied()
    ]
    rows = await ports.ledger.rows(page.bundle, written) if written else {}
    detail = f"Page {page.id}, from before this, put her into the target late."
    late = [
        replace(row, managed=True, detail=detail)
        for row in rows.values()
        if row.generation > page.generation and row.action is Action.REVOKE
    ]
    if late:
        lines = tuple(line_of(row) for row in late)
        entry = Entry(page.bundle, Kind.NOTED, ports.clock.now(), lines, page=page.id)
        await ports.ledger.note(replace(entry, run=page.run, cause=message), late)
        ports.log.note("write.late", bundle=page.bundle, page=page.id, people=len(late))
