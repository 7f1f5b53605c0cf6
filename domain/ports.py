"""Ports: what the jobs need of the world, in the domain's words. Adapters say how."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.bundle import Bundle
from domain.change import Change
from domain.group import Group
from domain.ledger import Head, Page, Row, Standing, Wait
from domain.outcome import LicenseState, Outcome
from domain.people import Person
from domain.plan import Plan
from domain.product import Product
from domain.records import Run, StoredBundle, StoredPlan, Watch
from domain.snapshot import Snapshot


class Clock(Protocol):
    """The time, as an argument."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        ...


class Log(Protocol):
    """Where jobs say what they did: one line an event, object ids and counts only."""

    def note(self, event: str, **facts: str | int | float) -> None:
        """Write one line."""
        ...


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some people as they are now, and the ids of people who are gone."""

    people: tuple[Person, ...] = ()
    gone: tuple[str, ...] = ()
    token: str | None = None
    """On the last page: where the next round of changes begins."""


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A group as it is now, and who joined or left since; several may speak of one group."""

    group: Group
    joined: tuple[str, ...] = ()
    """People."""
    left: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    """Groups that became members."""
    unnested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """Some groups' changes, and the ids of groups that are gone."""

    groups: tuple[GroupChange, ...] = ()
    gone: tuple[str, ...] = ()
    token: str | None = None


@dataclass(frozen=True, slots=True)
class CloseUp:
    """One person read afresh, with the ids of the groups she is in."""

    person: Person
    direct: frozenset[str]
    everywhere: frozenset[str]
    """Directly or through nesting."""


class Directory(Protocol):
    """The tenant's directory, read. Nothing partial is ever returned: a failed read raises."""

    def people(self, token: str | None) -> AsyncIterator[PeoplePage]:
        """Yield what changed since the token, or everyone when there is none.

        Raises:
            Resync: the token is dead; read everything anew.
        """
        ...

    def groups(self, token: str | None) -> AsyncIterator[GroupsPage]:
        """Yield groups and memberships likewise.

        Raises:
            Resync: the token is dead; read everything anew.
        """
        ...

    async def products(self) -> Mapping[str, Product]:
        """Return every subscribed product by skuId."""
        ...

    async def find_groups(self, ids: Iterable[str]) -> Mapping[str, Group]:
        """Return those of the groups that exist; an id that is missing in the answer is gone."""
        ...

    async def close_up(self, ids: Sequence[str]) -> Mapping[str, CloseUp | None]:
        """Read people afresh with all their groups; None for a person who is gone."""
        ...

    async def licenses(
        self, target: str, people: Sequence[str]
    ) -> Mapping[str, tuple[LicenseState, ...] | None]:
        """Return people's licenses by every route; None for a person who is gone."""
        ...


class Targets(Protocol):
    """Where bundles are handed out."""

    async def carry_out(self, target: str, changes: Sequence[Change]) -> Mapping[str, Outcome]:
        """Carry out changes at one target; every person gets an outcome of her own."""
        ...


class Draft(Protocol):
    """A snapshot being made, a page at a time."""

    def add_people(self, page: PeoplePage) -> None:
        """Take in a page of people."""
        ...

    def add_groups(self, page: GroupsPage) -> None:
        """Take in a page of groups."""
        ...

    async def keep(
        self, taken_at: datetime, products: Mapping[str, Product], tokens: "Tokens"
    ) -> Snapshot:
        """Write the snapshot and make it the latest.

        Raises:
            Conflict: another run made a later one meanwhile; nothing was changed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """Where the next inventory begins; kept inside the snapshot, so the two cannot disagree."""

    people: str | None = None
    groups: str | None = None


class Warehouse(Protocol):
    """Snapshots, and the sets that belong beside them."""

    async def latest(self) -> Snapshot | None:
        """Return the latest complete snapshot, or None before the first."""
        ...

    async def begin(self, anew: bool = False) -> tuple[Draft, Tokens]:
        """Begin a snapshot from the latest one and its tokens, or from nothing."""
        ...

    async def adopted(self, bundle: str) -> frozenset[str]:
        """Return the people adopted by a bundle."""
        ...

    async def adopt(self, bundle: str, people: frozenset[str]) -> None:
        """Keep the whole set of people adopted by a bundle."""
        ...

    def turn(self, patience: float = 0.0) -> AbstractAsyncContextManager[None]:
        """Hold the one right to decide, so that no two compiles promise the same seat.

        Args:
            patience: seconds to wait for it while another compile holds it.

        Raises:
            Later: another compile holds it for longer than that.
        """
        ...


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

    async def note_unreadable(self, message: str, reason: str, body: str) -> None:
        """Keep a message that nobody could read, with the reason, as a failed outcome."""
        ...

    async def unreadable(self) -> int:
        """Count the messages nobody could read."""
        ...


class Bundles(Protocol):
    """The stored policies, with history."""

    async def all(self) -> list[StoredBundle]:
        """Return every bundle in its latest version, in order of id."""
        ...

    async def get(self, bundle: str) -> StoredBundle | None:
        """Return one bundle in its latest version."""
        ...

    async def history(self, bundle: str) -> list[StoredBundle]:
        """Return every version of one bundle, newest first."""
        ...

    async def put(self, bundle: Bundle, by: str, at: datetime) -> StoredBundle:
        """Store a bundle; unchanged content makes no new version.

        Raises:
            Conflict: someone else stored a version meanwhile.
        """
        ...


class Plans(Protocol):
    """The plans of late."""

    async def keep(self, plan: Plan, run: str, at: datetime) -> StoredPlan:
        """Keep a plan with all of its changes."""
        ...

    async def recent(self, limit: int, bundle: str | None = None) -> list[StoredPlan]:
        """Return the newest plans without their changes, newest first."""
        ...

    async def get(self, plan: str) -> StoredPlan | None:
        """Return one plan with all of its changes."""
        ...


class Runs(Protocol):
    """Runs of inventory and compile, and how they went."""

    async def keep(self, run: Run) -> None:
        """Write a run as it stands."""
        ...

    async def get(self, run: str) -> Run | None:
        """Return one run."""
        ...


class Queue(Protocol):
    """Messages to ourselves."""

    async def send_pages(self, pages: Sequence[Page], now: datetime) -> None:
        """Send one message per page, in order, session = target; `due_at` later than now waits."""
        ...

    async def send_hints(self, hints: Sequence["Hint"], now: datetime) -> None:
        """Send hints to recompile; the same hint within a short while is sent once."""
        ...

    def dead_letters(self) -> AsyncIterator["DeadLetter"]:
        """Yield dead-lettered messages; each is settled once the consumer asks for the next."""
        ...


@dataclass(frozen=True, slots=True)
class Hint:
    """Something may have moved: recompile these people, or run everything when there are none."""

    people: tuple[str, ...] = ()
    run: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be handled, as the broker set it aside."""

    queue: str
    message: str
    body: str
    reason: str


class Watches(Protocol):
    """Our change subscriptions: at Graph, and what we remember of them."""

    async def known(self) -> list[Watch]:
        """Return the watches we made, without their secrets."""
        ...

    async def existing(self) -> Mapping[str, datetime]:
        """Return the subscriptions Graph has for us: id -> when each expires."""
        ...

    async def create(self, resource: str, expires: datetime) -> Watch:
        """Subscribe to a resource with a fresh secret that Graph will repeat to us.

        Raises:
            Never: Graph could not reach the notification URL, or refuses for another reason.
        """
        ...

    async def renew(self, watch: Watch, expires: datetime) -> Watch:
        """Move the expiry of a subscription."""
        ...

    async def forget(self, watch: Watch) -> None:
        """Forget a subscription that Graph no longer has."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a job may touch."""

    directory: Directory
    targets: Targets
    warehouse: Warehouse
    ledger: Ledger
    bundles: Bundles
    plans: Plans
    runs: Runs
    queue: Queue
    watches: Watches
    clock: Clock
    log: Log
