"""Where inventoried facts are kept."""

from collections.abc import Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.ports.directory import GroupsPage, PeoplePage
from domain.ports.shelves import Failure
from domain.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Tokens:
    """Where the next inventory begins; kept inside the snapshot, so the two cannot disagree."""

    people: str | None = None
    groups: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the reading of a snapshot has come."""

    taken_at: datetime
    """When it began."""
    starts: Tokens
    """Where the rounds began."""
    at: Tokens = Tokens()
    """Where their next pages are; None: none was read, or all."""
    ends: Tokens = Tokens()
    """Where the rounds after them begin; None: this one is not over."""
    pages: int = 0
    """How many were read."""


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """A snapshot that can still be looked at."""

    id: str
    taken_at: datetime
    """Since when the tenant was found so."""
    seen_at: datetime
    """When it was last found so."""
    counts: Mapping[str, int]
    """Kind of fact -> how many there are."""


class Draft(Protocol):
    """A snapshot being made, a page at a time."""

    @property
    def also(self) -> frozenset[str]:
        """The attributes on demand that this snapshot has: those wanted, and any it still has."""
        ...

    async def add_people(self, page: PeoplePage) -> None:
        """Take in a page of people."""
        ...

    async def add_groups(self, page: GroupsPage) -> None:
        """Take in a page of groups."""
        ...

    @property
    def reading(self) -> Reading | None:
        """How far an earlier run has come that this one goes on with, or None."""
        ...

    def pause(self, reading: Reading) -> Coroutine[Any, Any, None]:
        """Keep what was read so far, and how far that is, for a run that goes on with it."""
        ...

    async def restart_people(self) -> None:
        """Forget the people read so far; their round begins again."""
        ...

    async def restart_groups(self) -> None:
        """Forget the groups read so far; their round begins again."""
        ...

    async def forget(self) -> None:
        """Forget what was kept so far: whoever begins next begins afresh."""
        ...

    async def keep(
        self, taken_at: datetime, products: Mapping[str, Product], tokens: Tokens
    ) -> KeptSnapshot:
        """Write the snapshot and make it the latest.

        Where nothing changed there is none: the latest is said to be as new as this one.

        Raises:
            Conflict: another run made a later one meanwhile; nothing was changed.
        """
        ...


class Turn(Protocol):
    """The one right to decide, while it is held."""

    async def wanted(self) -> bool:
        """Tell whether somebody urgent waits for it."""
        ...


class Warehouse(Protocol):
    """Snapshots, and the sets that belong beside them."""

    async def latest(self) -> Snapshot | None:
        """Return the latest complete snapshot, or None before the first."""
        ...

    async def unfinished(self) -> Reading | None:
        """Return how far an inventory has come that is not complete yet, or None."""
        ...

    async def note(self, failure: Failure) -> None:
        """Keep why the latest inventory failed."""
        ...

    async def failure(self) -> Failure | None:
        """Return why the latest inventory that failed did; None where none ever did."""
        ...

    async def newest(self) -> KeptSnapshot | None:
        """Return when the latest was taken and what it counts, without reading it; or None."""
        ...

    async def snapshots(self) -> Sequence[KeptSnapshot]:
        """Return the snapshots that are kept, the newest, which is the latest, first."""
        ...

    async def snapshot(self, id: str) -> Snapshot | None:
        """Return a kept snapshot, or None where there is none of that id any more.

        An older one may lack attributes that are inventoried by now.
        """
        ...

    def parquet(self, sheets: Iterable[Sheet]) -> bytes:
        """Return the pieces of a sheet as one Parquet file."""
        ...

    async def begin(
        self, anew: bool = False, also: frozenset[str] = frozenset()
    ) -> tuple[Draft, Tokens]:
        """Begin a snapshot from the latest one and its tokens, or from nothing.

        From nothing also where the latest one lacks an attribute that is wanted. Where an
        earlier run on the same snapshot was paused, the draft is what that one had read.

        Args:
            anew: whether to forget what was read before.
            also: attributes wanted that are inventoried on demand.
        """
        ...

    async def adopted(self, bundle: str) -> frozenset[str]:
        """Return the people adopted by a bundle."""
        ...

    async def adopt(self, bundle: str, people: frozenset[str]) -> None:
        """Keep the whole set of people adopted by a bundle."""
        ...

    async def seen(self, bundle: str) -> frozenset[str] | None:
        """Return the members of a bundle's target when they were last looked at, or None."""
        ...

    async def see(self, bundle: str, people: frozenset[str]) -> None:
        """Keep the members of a bundle's target as they are seen."""
        ...

    def inventorying(self, patience: float = 0.0) -> AbstractAsyncContextManager[None]:
        """Hold the one right to read the tenant.

        Raises:
            Busy: another process holds it for longer than `patience` seconds.
        """
        ...

    def compiling(self, patience: float = 0.0) -> AbstractAsyncContextManager[None]:
        """Hold the one right to compile everything. It takes the turn only for a while.

        Raises:
            Busy: another process holds it for longer than `patience` seconds.
        """
        ...

    def turn(
        self, patience: float = 0.0, *, urgent: bool = False
    ) -> AbstractAsyncContextManager[Turn]:
        """Hold the one right to decide, so that no two compiles promise the same seat.

        Args:
            patience: seconds to wait for it while another compile holds it.
            urgent: people wait for what is decided. Whoever holds the turn sees that it is wanted,
                and those who are not urgent let this one go first.

        Raises:
            Later: another compile holds it for longer than that.
        """
        ...
