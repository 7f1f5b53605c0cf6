"""What was decided and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from domain.head import Head
from domain.ledger import Leave, Page, Row, Standing, Wait


class Ledger(Protocol):
    """What was decided and what became of it. Each call writes all or nothing."""

    async def standing(self, bundle: str) -> Standing:
        """Return the bundle's head (blank before the first decision), tally and open pages."""
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

    async def decide(self, head: Head, page: Page, earlier: Sequence[Page] = ()) -> Head:
        """Write a page of decisions, the head's next state and earlier pages' progress together.

        Args:
            earlier: pages out of which the new page's people were taken; one that ended is removed.

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

    async def record(self, page: Page, rows: Sequence[Row]) -> Page | None:
        """Write a page's progress, its rows and the tally together; a page that ended is removed.

        Raises:
            Conflict: the page has changed since it was read; nothing was written.
        """
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

    async def note_unreadable(self, message: str, reason: str, body: str) -> None:
        """Keep a message that nobody could read, with the reason, as a failed outcome."""
        ...

    async def unreadable(self) -> int:
        """Count the messages nobody could read."""
        ...
