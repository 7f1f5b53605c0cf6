"""What was decided and what became of it."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.chain import Entry, Sealed, Tail
from domain.decision.undoing import Undone
from domain.head import Head
from domain.ledger import Leave, Page, Row, Standing, State, Unreadable, Wait


class Ledger(Protocol):
    """What was decided and what became of it. Each call writes all or nothing.

    A decision, progress with news and what is noted are each an entry of the bundle's history,
    written in the same step; see `domain.chain`.
    """

    async def standing(self, bundle: str) -> Standing:
        """Return what is open of a bundle; the head is blank before the first decision."""
        ...

    async def page(self, bundle: str, page: str) -> Page | None:
        """Return one page, or None when all of its changes have ended."""
        ...

    async def rows(self, bundle: str, people: Sequence[str]) -> Mapping[str, Row]:
        """Return the last decisions about these people, where there are any."""
        ...

    async def waiting(self, bundle: str) -> Mapping[str, Wait]:
        """Return the bundle's waiting list by person."""
        ...

    async def decide(
        self,
        head: Head,
        page: Page,
        earlier: Sequence[Page] = (),
        cause: str = "",
        by: str = "",
    ) -> Head:
        """Write a page of decisions, the head's next state and earlier pages' progress together.

        Args:
            earlier: pages out of which the new page's people were taken; one that ended is removed.
            cause: the id of the message or invocation on whose account it is decided.
            by: who decided, where a person did.

        Raises:
            Conflict: the head or an earlier page has moved on; nothing was written.
        """
        ...

    async def keep_head(self, head: Head) -> Head:
        """Write the head alone.

        Raises:
            Conflict: the head has moved on.
        """
        ...

    async def record(
        self,
        page: Page,
        rows: Sequence[Row],
        cause: str = "",
        at: datetime | None = None,
        details: Mapping[str, str] | None = None,
    ) -> Page | None:
        """Write a page's progress, its rows and the tally together; a page that ended is removed.

        Args:
            cause: see `decide`.
            at: when it was carried out or seen, for the history; without it, when the newest row
                was written, or else when the page is due.
            details: what the history is told of those newly applied, by person.

        Raises:
            Conflict: the page has changed since it was read; nothing was written.
        """
        ...

    async def note(self, entry: Entry, rows: Sequence[Row] = ()) -> None:
        """Write what happened outside of any page, and rows with it.

        Many lines become several entries, each written with the rows its lines are about. A failure
        between two of them leaves the first ones written.

        Args:
            entry: of kind `noted`; its number and the hash before are given here.
            rows: of the same bundle; where a later decision stands, it stays.
        """
        ...

    def entries(self, bundle: str, after: int = 0) -> AsyncIterator[Sealed]:
        """Yield the entries of a bundle's history as they are kept, in order of number.

        Args:
            after: begin with the entry after this number.
        """
        ...

    async def tail(self, bundle: str) -> Tail:
        """Return where a bundle's history ends."""
        ...

    async def mark_sent(self, pages: Sequence[Page]) -> None:
        """Note that these pages' messages were sent; pages that ended meanwhile stay ended."""
        ...

    async def wait(self, bundle: str, add: Iterable[Wait], remove: Iterable[str]) -> None:
        """Put people on the waiting list and take others off."""
        ...

    async def leaving(self, bundle: str) -> Mapping[str, Leave]:
        """Return the people in grace by person."""
        ...

    async def leave(self, bundle: str, add: Iterable[Leave], remove: Iterable[str]) -> None:
        """Put people into grace and take others out of it."""
        ...

    async def undone(self, bundle: str) -> Mapping[str, Undone]:
        """Return the people for whom a run was undone, by person."""
        ...

    async def undo(self, bundle: str, add: Iterable[Undone], remove: Iterable[str]) -> None:
        """Lay people's changes over the policy, turned round, and leave others to policy again."""
        ...

    async def rows_in(self, bundle: str, states: Collection[State]) -> Sequence[Row]:
        """Return the last decisions that stand so, in order of person."""
        ...

    async def note_unreadable(self, message: str, reason: str, body: str) -> None:
        """Keep a message that nobody could read, with the reason, as a failed outcome."""
        ...

    async def unreadable(self) -> Sequence[Unreadable]:
        """Return the messages nobody could read, in order of id."""
        ...

    async def forget_unreadable(self, message: str) -> None:
        """Take a message off that list."""
        ...
