"""What a decision, its progress and what is noted beside it tell the history, a line a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import batched

from domain.chain import Entry, Kind, Line, LineState
from domain.ledger import Page, Row, State
from domain.quoted import without_quoted

MOST_ROWS = 90
"""Rows that are noted in one transaction; it holds 100, the entry and the tally among them."""
MOST_LINES = 500
"""Lines of one entry that stand beside no rows."""


def decision_entry(
    page: Page, stored: Iterable[Page], earlier: Iterable[Page], cause: str = "", by: str = ""
) -> Entry:
    """Return what the history is told of a page of decisions.

    Args:
        stored: the earlier pages as they are.
        earlier: the same pages as they will be.
    """
    decided = [
        Line(c.person, LineState.ASKED if c.inside else LineState.DECIDED, c.action, c.reason)
        for c in page.changes
    ]
    before = {one.id: one for one in stored}
    taken = [line for after in earlier for line in _superseded(before[after.id], after, page)]
    entry = _entry(page, Kind.DECIDED, page.written_at, (*decided, *taken), cause)
    return replace(entry, by=by)


def progress_entry(
    before: Page,
    after: Page,
    rows: Sequence[Row],
    cause: str = "",
    at: datetime | None = None,
    details: Mapping[str, str] | None = None,
) -> Entry | None:
    """Return what the history is told of a page's progress, or None where there is no news.

    Args:
        before: the page as it is stored.
        after: the page as it will be.
        at: when; without it, when the newest row was written, or else when the page was due.
        details: what became of those newly applied, by person.
    """
    lines = tuple(_progress(before, after, rows, details or {}))
    if not lines:
        return None
    moment = at or max((row.updated_at for row in rows), default=after.due_at)
    return _entry(after, Kind.PROGRESS, moment, lines, cause)


def line_of(row: Row) -> Line:
    """Return what the history is told of a row.

    Nothing of the history is ever deleted, so it keeps no words of others, which may name people.
    """
    detail = without_quoted(row.detail)
    return Line(row.person, row.state, row.action, row.reason, detail, str(row.error or ""))


def noted(entry: Entry, rows: Sequence[Row]) -> Iterator[tuple[tuple[Row, ...], Entry]]:
    """Yield the entry in parts that a transaction holds, each with the rows its lines are about."""
    by_person: dict[str, list[Line]] = {row.person: [] for row in rows}
    alone: list[Line] = []
    for line in entry.lines:
        by_person.get(line.person, alone).append(line)
    for some in batched(rows, MOST_ROWS, strict=False):
        theirs = [line for row in some for line in by_person.pop(row.person, ())]
        yield some, replace(entry, lines=tuple(theirs))
    for lines in batched(alone, MOST_LINES, strict=False):
        yield (), replace(entry, lines=lines)


def _entry(page: Page, kind: Kind, at: datetime, lines: tuple[Line, ...], cause: str) -> Entry:
    return Entry(
        bundle=page.bundle,
        kind=kind,
        at=at,
        lines=lines,
        page=page.id,
        plan=page.plan,
        fingerprint=page.fingerprint,
        run=page.run,
        generation=page.generation,
        cause=cause,
    )


def _superseded(before: Page, after: Page, page: Page) -> Iterator[Line]:
    for change in before.open():
        if change.person in after.ended:
            done = "after" if change.person in before.applied else "before"
            detail = f"Page {page.id} took its place, {done} page {before.id} carried it out."
            yield Line(change.person, LineState.SUPERSEDED, change.action, change.reason, detail)


def _progress(
    before: Page, after: Page, rows: Sequence[Row], details: Mapping[str, str]
) -> Iterator[Line]:
    by_person = {row.person: row for row in rows}
    applied = after.applied - before.applied - before.ended
    ended = after.ended - before.ended
    for change in before.changes:
        row = by_person.pop(change.person, None)
        if change.person in applied:
            said = row.detail if row and row.state is State.APPLIED else ""
            detail = details.get(change.person, said)
            yield Line(change.person, LineState.APPLIED, change.action, change.reason, detail)
        if row and not (row.state is State.APPLIED and change.person in applied):
            yield line_of(row)
        elif row is None and change.person in ended:
            yield Line(change.person, LineState.CLOSED, change.action, change.reason)
    yield from map(line_of, by_person.values())
