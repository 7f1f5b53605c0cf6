"""The past as the history tells it: who held a bundle at a moment and why, and a person's story."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.chain import Entry, Line, LineState
from domain.change import Action

_CARRIED_OUT = (LineState.APPLIED, LineState.CONFIRMED)
_SEEN_INSIDE = (LineState.FOUND, LineState.JOINED, LineState.LATE)
_SEEN_OUTSIDE = (LineState.LEFT, LineState.GONE)
_LATER = (LineState.CONFIRMED, LineState.FAILED, LineState.WAITING)
"""What can become of a grant once it is carried out; she stays in the target."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Someone who held a bundle, since when and why."""

    bundle: str
    person: str
    since: datetime
    number: int
    """The entry that gave it to her."""
    reason: str
    state: str
    """How she came to it, or what became of the license since: confirmed, failed, waiting."""
    detail: str = ""
    by: str = ""
    """Who decided, where a person did."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history, with what its entry says of it."""

    bundle: str
    number: int
    at: datetime
    person: str
    state: str
    action: str
    reason: str
    detail: str
    error: str
    plan: str
    fingerprint: str
    run: str
    page: str
    cause: str
    by: str


class Holders:
    """Who held a bundle at a moment; told its entries one after the other.

    A grant and a revoke count from when they were carried out, and what was seen in the target and
    not done by Seatflow counts from when it was seen. What was only decided does not count.
    """

    def __init__(self, moment: datetime) -> None:
        self._moment = moment
        self._held: dict[str, Holding] = {}

    @property
    def held(self) -> Mapping[str, Holding]:
        """Who held it, by person."""
        return self._held

    def add(self, entry: Entry) -> None:
        """Take in the next entry; one from after the moment changes nothing."""
        if entry.at <= self._moment:
            for line in entry.lines:
                self._add(entry, line)

    def _add(self, entry: Entry, line: Line) -> None:
        if _leaves(line):
            self._held.pop(line.person, None)
            return
        before = self._held.get(line.person)
        if before is None and _enters(line):
            self._held[line.person] = _holding(entry, line)
        elif before and line.action is Action.GRANT and line.state in _LATER:
            detail = line.detail or before.detail
            self._held[line.person] = replace(before, state=line.state, detail=detail)


def held_on(entries: Iterable[Entry], moment: datetime) -> Mapping[str, Holding]:
    """Return who held a bundle at a moment, and why, by person."""
    holders = Holders(moment)
    for entry in entries:
        holders.add(entry)
    return holders.held


def told(entries: Iterable[Entry], person: str | None = None) -> Iterator[Told]:
    """Yield the lines of these entries, of one person or of all, in their order."""
    for entry in entries:
        for line in entry.lines:
            if person in (None, line.person):
                yield _told(entry, line)


def _enters(line: Line) -> bool:
    carried_out = line.action is Action.GRANT and line.state in _CARRIED_OUT
    return carried_out or line.state in _SEEN_INSIDE


def _leaves(line: Line) -> bool:
    carried_out = line.action is Action.REVOKE and line.state in _CARRIED_OUT
    return carried_out or line.state in _SEEN_OUTSIDE


def _holding(entry: Entry, line: Line) -> Holding:
    return Holding(
        bundle=entry.bundle,
        person=line.person,
        since=entry.at,
        number=entry.number,
        reason=line.reason,
        state=line.state,
        detail=line.detail,
        by=entry.by,
    )


def _told(entry: Entry, line: Line) -> Told:
    return Told(
        bundle=entry.bundle,
        number=entry.number,
        at=entry.at,
        person=line.person,
        state=line.state,
        action=line.action or "",
        reason=line.reason,
        detail=line.detail,
        error=line.error,
        plan=entry.plan,
        fingerprint=entry.fingerprint,
        run=entry.run,
        page=entry.page,
        cause=entry.cause,
        by=entry.by,
    )
