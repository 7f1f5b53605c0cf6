"""What the ledger knows of one bundle, and what follows from it for one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.decision.paging import open_rows
from domain.decision.undoing import Undone
from domain.head import Head
from domain.inventory.snapshot import LAG, Snapshot
from domain.ledger import CAME_TO_NOTHING, Leave, Page, Row, State, Wait
from domain.outcome import LicenseError

RETRY = timedelta(hours=1)
"""A change that was refused or failed is tried again after this, then after twice as long, and so
on."""
AGAIN = timedelta(minutes=15)
"""The same for a license that Entra did not give: another change may be all it waits for."""
SELDOM = timedelta(days=1)
"""Nothing is tried less often than this."""
TRIES = 10
"""A license that Entra did not give so often, over about four days, waits for a person's word."""


@dataclass(frozen=True)
class Known:
    """What is on its way, and the past of the people who would join or leave."""

    bundle: Bundle
    head: Head
    pages: Sequence[Page] = ()
    waiting: Mapping[str, Wait] = field(default_factory=dict)
    leaving: Mapping[str, Leave] = field(default_factory=dict)
    rows: Mapping[str, Row] = field(default_factory=dict)
    adopted: frozenset[str] = frozenset()
    undone: Mapping[str, Undone] = field(default_factory=dict)
    """People for whom a run was undone."""
    failing: frozenset[str] = frozenset()
    """Members to whom Entra refuses the license, while they have its products by another route."""
    overtaken: frozenset[str] = frozenset()
    """People who would leave by the snapshot, and of whom something newer is known."""
    number: int = 0
    """Of the history's last entry."""

    @cached_property
    def _on_their_way(self) -> dict[str, Row]:
        ordered = sorted(self.pages, key=lambda page: page.generation)
        return {person: row for page in ordered for person, row in open_rows(page).items()}

    @cached_property
    def _last(self) -> dict[str, Row]:
        return {**self.rows, **self._on_their_way, **self._in_trouble}

    @cached_property
    def _being_moved(self) -> frozenset[str]:
        """Those on their way into the target or out of it; not those who are only looked at."""
        return frozenset(
            change.person for page in self.pages for change in page.open() if not change.inside
        )

    @cached_property
    def _in_trouble(self) -> dict[str, Row]:
        """Those on their way of whom there is more to say than that."""
        return {
            person: row
            for person, row in self.rows.items()
            if (going := self._on_their_way.get(person)) is not None
            and (row.generation, row.state) == (going.generation, State.APPLIED)
        }

    def row(self, person: str) -> Row | None:
        """Return the last decision about a person, ended or on its way."""
        return self._last.get(person)

    @cached_property
    def going(self) -> Mapping[str, tuple[Change, str]]:
        """Revokes on their way that nobody has carried out: of whom, and when it was decided."""
        return {
            change.person: (change, page.written_at.isoformat(timespec="seconds"))
            for page in self.pages
            for change in page.pending()
            if change.action is Action.REVOKE
            and self._on_their_way[change.person].generation == page.generation
        }

    @property
    def in_flight(self) -> dict[str, Action]:
        """What is on its way: person -> what the latest decision does."""
        return {person: row.action for person, row in self._on_their_way.items()}

    def outlasting(self, snapshot: Snapshot) -> list[str]:
        """Return those who, if the snapshot shows them inside, have come back since their revoke.

        Entra may keep the license for long, so the revoke is open, when somebody puts her back.
        """
        return [
            person
            for person, row in self._on_their_way.items()
            if row.action is Action.REVOKE
            and row.state is State.APPLIED
            and row.updated_at < snapshot.taken_at - LAG
        ]

    def gaining(self) -> list[str]:
        """Return the people to whom the bundle is on its way."""
        return [person for person, action in self.in_flight.items() if action is Action.GRANT]

    def ours(self, person: str) -> bool:
        """Tell whether she may be revoked: added by Seatflow, adopted, or not to be kept."""
        return person in self._being_moved or self.stays_ours(person)

    def stays_ours(self, person: str) -> bool:
        """Tell it likewise, whatever is on its way."""
        if self.bundle.unmanaged == "remove" or person in self.adopted:
            return True
        row = self.rows.get(person)
        return row is not None and bool(row.managed)

    def only_just_ours(self, person: str) -> bool:
        """Tell whether a grant on its way, and no row, says that she is in by our doing."""
        row = self.rows.get(person)
        return person in self._being_moved and not (row is not None and row.managed)

    def may_revoke(self, snapshot: Snapshot) -> bool:
        """Tell whether this snapshot shows enough to take the bundle from anyone.

        A close-up does not show whether a source group was emptied, and must not take one by one
        what a guard holds as a whole: then revokes wait for the next compile of everything.
        """
        return snapshot.whole or not (
            self.bundle.policy.entitling_groups() or self.head.held or self._of_primaries()
        )

    def may_grant(self, snapshot: Snapshot) -> bool:
        """Tell whether this snapshot shows enough to give the bundle to anyone.

        The same as for revokes, but that here it is the groups that exclude which may have been
        emptied.
        """
        return snapshot.whole or not (
            self.bundle.policy.excluded.source_groups() or self.head.held or self._of_primaries()
        )

    def _of_primaries(self) -> bool:
        """Tell whether it takes all accounts of a person to tell whether one is entitled."""
        return self.bundle.accounts == "primary"

    def due(self, person: str, action: Action, snapshot: Snapshot, now: datetime) -> bool:
        """Tell whether a change is to be made now.

        It is not when it was made too lately to show in the snapshot, when it came to nothing
        lately, or when it would reverse a decision that rests on newer facts than the snapshot.
        """
        row = self.row(person)
        if row is None:
            return True
        if row.action is not action:
            return snapshot.rests_on() >= row.rests_on
        if row.state in CAME_TO_NOTHING:
            at = again_at(row)
            return at is not None and at <= now
        return row.updated_at < snapshot.taken_at - LAG

    def again(self, person: str, action: Action) -> bool:
        """Tell whether this change was tried before and came to nothing."""
        row = self.row(person)
        return row is not None and row.action is action and row.state in CAME_TO_NOTHING

    def tries(self, person: str, action: Action) -> int:
        """Return how often this change was tried, one time after the other, in vain."""
        row = self.row(person)
        return row.tries if row is not None and self.again(person, action) else 0

    def since(self, person: str) -> str:
        """Return since when she has waited for a seat; empty when she has not."""
        wait, row = self.waiting.get(person), self.row(person)
        if wait is not None:
            return wait.since
        return row.since if row is not None and row.action is Action.GRANT else ""

    def waits_for_seat(self, person: str) -> bool:
        """Tell whether Entra had no seat for her when it last looked."""
        row = self.row(person)
        return row is not None and row.error is LicenseError.COUNT

    def without_seat(self, person: str) -> str:
        """Return why she is to wait though her grant was carried out; empty when she is not."""
        row = self.row(person)
        seatless = row is not None and row.state is State.WAITING
        return row.detail if row is not None and seatless else ""

    def settled(self, person: str) -> bool:
        """Tell whether a grant to this person stands, though the snapshot does not show it yet."""
        row = self.row(person)
        return row is not None and row.action is Action.GRANT and row.state not in CAME_TO_NOTHING


def again_at(row: Row) -> datetime | None:
    """Return when a change that came to nothing is tried again; None for not before a person says.

    Seats come and go, so a person waiting for one is never given up.
    """
    if row.state is State.REPLAYED:
        return row.updated_at
    if row.error not in (None, LicenseError.COUNT) and row.tries >= TRIES:
        return None
    first = RETRY if row.error is None else AGAIN
    wait: timedelta = first * 2 ** min(max(row.tries - 1, 0), 10)
    return row.updated_at + min(wait, SELDOM)
