"""What the ledger knows of one bundle, and what follows from it for one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from domain.bundle import Bundle
from domain.change import Action
from domain.head import Head
from domain.ledger import ENDED_BADLY, Leave, Page, Row, Wait
from domain.paging import open_rows
from domain.snapshot import LAG, Snapshot

RETRY = timedelta(hours=1)
"""A change that was refused or failed is tried again after this."""


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

    @cached_property
    def _on_their_way(self) -> dict[str, Row]:
        ordered = sorted(self.pages, key=lambda page: page.generation)
        return {person: row for page in ordered for person, row in open_rows(page).items()}

    @cached_property
    def _last(self) -> dict[str, Row]:
        return {**self.rows, **self._on_their_way}

    def row(self, person: str) -> Row | None:
        """Return the last decision about a person, ended or on its way."""
        return self._last.get(person)

    @property
    def in_flight(self) -> dict[str, Action]:
        """What is on its way: person -> what the latest decision does."""
        return {person: row.action for person, row in self._on_their_way.items()}

    def gaining(self) -> list[str]:
        """Return the people to whom the bundle is on its way."""
        return [person for person, action in self.in_flight.items() if action is Action.GRANT]

    def ours(self, person: str) -> bool:
        """Tell whether she may be revoked: added by Seatflow, adopted, or not to be kept."""
        if (
            self.bundle.unmanaged == "remove"
            or person in self.adopted
            or person in self._on_their_way
        ):
            return True
        row = self.rows.get(person)
        return row is not None and bool(row.managed)

    def may_revoke(self, snapshot: Snapshot) -> bool:
        """Tell whether this snapshot shows enough to take the bundle from anyone.

        A close-up does not show whether a source group was emptied, and must not take one by one
        what a guard holds as a whole: then revokes wait for the next compile of everything.
        """
        return snapshot.whole or not (self.bundle.policy.entitling_groups() or self.head.held)

    def may_grant(self, snapshot: Snapshot) -> bool:
        """Tell whether this snapshot shows enough to give the bundle to anyone.

        The same as for revokes, but that here it is the groups that exclude which may have been
        emptied.
        """
        return snapshot.whole or not (self.bundle.policy.excluded.source_groups() or self.head.held)

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
        if row.state in ENDED_BADLY:
            return now - row.updated_at >= RETRY
        return row.updated_at < snapshot.taken_at - LAG

    def again(self, person: str, action: Action) -> bool:
        """Tell whether this change was tried before and came to nothing."""
        row = self.row(person)
        return row is not None and row.action is action and row.state in ENDED_BADLY

    def settled(self, person: str) -> bool:
        """Tell whether a grant to this person stands, though the snapshot does not show it yet."""
        row = self.row(person)
        return row is not None and row.action is Action.GRANT and row.state not in ENDED_BADLY
