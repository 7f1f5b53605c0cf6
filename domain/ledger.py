"""The ledger's values: what was decided for a person, and the pages on their way.

A *page* is some changes of one plan that travel as one message. It stays open until each of its
changes has ended, so the open pages of a bundle are exactly what is on its way. A later decision
about a person takes her out of the earlier page in the ledger, whatever order the messages arrive.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.change import Action, Change
from domain.head import Head
from domain.outcome import LicenseError


class State(StrEnum):
    """Where a decision about one person stands."""

    DECIDED = "decided"
    APPLIED = "applied"
    """The target was written; the license is not seen yet."""
    CONFIRMED = "confirmed"
    """Granted and the license is Active, or revoked and it is gone."""
    REFUSED = "refused"
    FAILED = "failed"
    """Given up: dead-lettered, or the license ended in an error."""
    WAITING = "waiting"
    """Entra had no seat for her: she is in the target, and back on the waiting list."""
    REPLAYED = "replayed"
    """A person wants it tried again at once; the next compile of everything does."""


ENDED_BADLY = (State.REFUSED, State.FAILED)
CAME_TO_NOTHING = (*ENDED_BADLY, State.WAITING, State.REPLAYED)
"""Came to nothing, and is tried again after a while."""


@dataclass(frozen=True, slots=True)
class Row:
    """The last decision about one person and one bundle, and what became of it.

    It is written when the change ends; until then the open page it travels in is its record.
    """

    bundle: str
    person: str
    action: Action
    state: State
    reason: str
    """Why it was decided."""
    detail: str
    """What became of it."""
    generation: int
    plan: str
    run: str
    rests_on: datetime
    """A whole inventory begun before this is older than what the decision rests on, and must not
    reverse it."""
    managed: bool | None
    """Seatflow put this person into the target, and has not taken her out again. A row written with
    None leaves what is known of it as it is; a row read always knows."""
    updated_at: datetime
    tries: int = 0
    """How often this came to nothing, one after the other."""
    error: LicenseError | None = None
    """Why Entra did not give the license, where that is how it ended."""
    since: str = ""
    """Since when she has waited for a seat, where that is how it ended."""


@dataclass(frozen=True, slots=True)
class Page:
    """Changes of one plan that travel together, and how far each has come."""

    id: str
    bundle: str
    target: str
    generation: int
    plan: str
    run: str
    changes: tuple[Change, ...]
    rests_on: datetime
    written_at: datetime
    due_at: datetime
    """When it was last sent or carried out, or will be tried again."""
    sent: bool = False
    attempt: int = 0
    applied: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()
    urgent: bool = False
    """It goes before bulk."""
    reserved: bool = False
    """Room in Graph's quota has been set aside for `due_at`."""
    fingerprint: str = ""
    """Of the plan."""
    trace: str = ""
    """Of the work that decided about it; what becomes of the page goes on with it, however late."""
    version: str = ""
    """Opaque; a write with a stale version is a Conflict."""

    def pending(self) -> tuple[Change, ...]:
        """Return the changes that still have to be carried out."""
        return tuple(c for c in self.changes if c.person not in self.applied | self.ended)

    def unconfirmed(self) -> tuple[Change, ...]:
        """Return the changes carried out whose license is not seen yet."""
        return tuple(c for c in self.changes if c.person in self.applied - self.ended)

    def open(self) -> tuple[Change, ...]:
        """Return the changes that have not ended."""
        return tuple(c for c in self.changes if c.person not in self.ended)

    def apply(self, people: Iterable[str]) -> "Page":
        """Return the page with these people's changes carried out."""
        return replace(self, applied=self.applied | set(people))

    def end(self, people: Iterable[str]) -> "Page":
        """Return the page with these people's changes ended."""
        return replace(self, ended=self.ended | set(people))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many changes of a bundle ended how, since the beginning."""

    granted: int = 0
    revoked: int = 0
    failed: int = 0

    def add(self, before: Page, after: Page, rows: Iterable[Row]) -> "Tally":
        """Return the tally with a page's progress counted, no one twice.

        Args:
            before: the page as it is stored.
            after: the page as it will be.
            rows: the rows written with it.
        """
        news = after.applied - before.applied - before.ended
        done = [change.action for change in before.changes if change.person in news]
        failed = [
            row.person
            for row in rows
            if row.state in ENDED_BADLY and row.person not in before.ended
        ]
        return Tally(
            self.granted + done.count(Action.GRANT),
            self.revoked + done.count(Action.REVOKE),
            self.failed + len(failed),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open in a bundle's part of the ledger."""

    head: Head
    tally: Tally = Tally()
    pages: tuple[Page, ...] = ()
    number: int = 0
    """Of the last entry of the bundle's history."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that nobody could read, kept with its beginning."""

    message: str
    reason: str
    body: str


@dataclass(frozen=True, slots=True)
class Wait:
    """A person entitled to a bundle and without a seat, since when and why."""

    person: str
    since: str
    reason: str


@dataclass(frozen=True, slots=True)
class Leave:
    """A person no longer entitled who keeps the bundle for a while, since when and why."""

    person: str
    since: str
    reason: str
