"""Drift: who came into a target, or left it, without Seatflow having done it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.chain import Line, LineState
from domain.change import Action
from domain.decision.known import Known
from domain.ledger import Row, State
from domain.ports import MembershipLog

_OBJECT_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")

UNKNOWN = "nobody can tell who did it"


@dataclass(frozen=True, slots=True)
class Drift:
    """People whose membership somebody else changed."""

    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    """People who are no longer in the tenant: nobody took them out."""

    def __bool__(self) -> bool:
        return bool(self.joined or self.left or self.gone)


def drift(
    before: frozenset[str],
    now: frozenset[str],
    known: Known,
    gone: frozenset[str],
    until: datetime,
) -> Drift:
    """Compare who was in a target with who is.

    Args:
        before: the members when it was last looked at.
        now: the members.
        known: with the rows of those who came or went.
        gone: people who are no longer in the tenant.
        until: what was done after this does not show in the members; the next look tells of it.
    """
    moved = {one for one in (before ^ now) - gone if not _later(known, one, until)}
    joined = [one for one in moved & now if not _did(known, one, Action.GRANT)]
    left = [one for one in moved & before if not _did(known, one, Action.REVOKE)]
    return Drift(*(tuple(sorted(each)) for each in (joined, left, gone & before)))


def lines_of(found: Drift, log: Sequence[MembershipLog], unknown: str) -> list[Line]:
    """Return what the history is told, with who did it as far as the audit log says.

    Args:
        unknown: what is said where it does not.
    """
    by = {(entry.person, entry.added): entry.by for entry in log}
    joined = [(person, LineState.JOINED, True) for person in found.joined]
    left = [(person, LineState.LEFT, False) for person in found.left]
    gone = [Line(person, LineState.GONE) for person in found.gone]
    return gone + [
        Line(person, state, detail=_told(state, by.get((person, added), ""), unknown))
        for person, state, added in (*joined, *left)
    ]


def rows_of(found: Drift, known: Known, lines: Sequence[Line]) -> list[Row]:
    """Return the rows of those who left: they are not in the target by Seatflow's doing any more.

    Whoever is still entitled is granted the bundle again, and nothing else of the row changes.
    """
    told = {line.person: line.detail for line in lines}
    rows: Mapping[str, Row] = known.rows
    return [
        replace(rows[person], managed=False, detail=told[person])
        for person in found.left
        if person in rows
    ]


def ids_in(detail: str) -> list[str]:
    """Return the object ids that a line's detail names: of whoever did it, where that is known."""
    return _OBJECT_ID.findall(detail)


def _did(known: Known, person: str, action: Action) -> bool:
    """Tell whether it was Seatflow: she is in by its doing, or its last word took her out."""
    if person in known.in_flight:
        return True
    row = known.rows.get(person)
    if row is None:
        return False
    if action is Action.GRANT:
        return bool(row.managed)
    return row.action is Action.REVOKE and row.state is not State.REFUSED


def _later(known: Known, person: str, until: datetime) -> bool:
    row = known.rows.get(person)
    return row is not None and row.updated_at > until


def _told(state: LineState, by: str, unknown: str) -> str:
    what = "put into" if state is LineState.JOINED else "taken out of"
    return f"{what} the group by hand, by {by}" if by else f"{what} the group by hand; {unknown}"
