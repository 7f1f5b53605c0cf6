"""Where the further kinds of facts are kept, a shelf each, and where they come from."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.kinds import Kind
from domain.kinds.kind import Row


@dataclass(frozen=True, slots=True)
class Load:
    """What one complete read brought."""

    taken_at: datetime
    """When the reading began."""
    rows: int
    remarks: tuple[str, ...] = ()
    """What whoever uses it must know, a sentence each."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A read that is not at its end."""

    began_at: datetime
    rows: int
    link: str
    """Where it goes on."""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the last read came to nothing."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """How one kind stands."""

    load: Load | None = None
    """The latest complete read; a failed one leaves it as it is."""
    reading: Reading | None = None
    failure: Failure | None = None
    """None once a read succeeds."""


class Filling(Protocol):
    """One run's part in filling a shelf; nobody else fills it meanwhile."""

    @property
    def shelf(self) -> Shelf:
        """How it stands."""
        ...

    async def begin(self, began_at: datetime) -> None:
        """Begin a read, and forget one that did not come to its end."""
        ...

    async def add(self, rows: Sequence[Row]) -> None:
        """Take in a page of the read that began."""
        ...

    async def set_aside(self, link: str, remarks: Sequence[str]) -> None:
        """Keep what was taken in; the next run goes on at the link."""
        ...

    async def keep(self, remarks: Sequence[str]) -> Load:
        """Make what was taken in the latest."""
        ...

    async def fail(self, failure: Failure) -> None:
        """Note why the read came to nothing; what was set aside stays."""
        ...


class Shelves(Protocol):
    """The shelves."""

    async def stand(self, kinds: Iterable[Kind]) -> Mapping[str, Shelf]:
        """Return how each kind stands, by name; one that was never read has an empty shelf."""
        ...

    def rows(self, kind: Kind, skip: int = 0) -> AsyncIterator[Sequence[Row]]:
        """Yield the rows of the latest complete read, some thousands at a time.

        Args:
            skip: how many are left out at the beginning; they always come in the same order.

        Raises:
            Never: the kind was never read.
        """
        ...

    def fill(self, kind: Kind) -> AbstractAsyncContextManager[Filling | None]:
        """Begin or go on to fill a shelf; None while another run does."""
        ...


@dataclass(frozen=True, slots=True)
class FactsPage:
    """Some rows of a kind."""

    rows: Sequence[Row]
    link: str | None = None
    """Where the read goes on after this page; None on the last."""
    remarks: tuple[str, ...] = ()


class Sources(Protocol):
    """Where the further kinds of facts come from. Nothing partial is ever returned as whole."""

    def pages(self, kind: Kind, link: str | None = None) -> AsyncIterator[FactsPage]:
        """Yield the pages of a kind, all of them or from a link on.

        Raises:
            Resync: the link is dead; begin anew.
            Later: the source cannot answer now.
            Forbidden: a permission is missing.
            Never: the source refuses for another reason.
        """
        ...

    def shipped(self, kind: Kind) -> FactsPage | None:
        """Return what came with Seatflow, to do where a kind was never read; None where nothing."""
        ...
