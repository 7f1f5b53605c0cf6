"""Status: how every bundle stands, for people and for the progress they watch."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.bundle import Bundle
from domain.controls import Pause
from domain.decision.known import Known
from domain.decision.paging import unseen_since
from domain.decision.sizes import Loss, losses
from domain.fact import Mode
from domain.head import Head
from domain.inventory.humans import Humans
from domain.inventory.snapshot import Snapshot
from domain.jobs.fit import fitting_of
from domain.jobs.gather import terms_of
from domain.jobs.kinds import KindStatus, kinds
from domain.jobs.watches import notifications
from domain.ports import Ports
from domain.tenant_policy import TenantPolicy
from domain.terms import Terms
from domain.watching.trust import Reliance


@dataclass(frozen=True, slots=True)
class SnapshotStatus:
    """What the latest inventory holds."""

    taken_at: str
    people: int
    """Accounts."""
    humans: int | None
    """Whose they are, as the tenant's policy joins them; None where it does not."""
    groups: int
    memberships: int
    products: int


@dataclass(frozen=True, slots=True)
class ReadingStatus:
    """An inventory that is not complete yet."""

    began: datetime
    pages: int
    """How many were read when that was last kept."""


@dataclass(frozen=True, slots=True)
class FailedInventory:
    """Why an inventory was not complete."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class BundleStatus:
    """How one bundle stands: people, as of its newest plan, and what is on its way."""

    id: str
    name: str
    entitled: int
    holders: int
    granted: int
    revoked: int
    waiting: int
    held: int
    failed: int
    in_flight: int
    unconfirmed: int
    reason: str | None
    mode: Mode
    leaving: int
    """People in grace."""
    plan: str
    """The newest plan that was not sent, or empty."""
    approved_by: str
    refused_by: str
    undone: Mapping[str, int]
    """Runs that are undone -> for how many people."""
    unseen_since: datetime | None
    """When the oldest change that is carried out, and whose effect is not seen yet, was carried
    out; or decided, where it took more than one try."""
    licenses: str
    """Why what is to be set on the target waits for a person's word, as of the latest inventory;
    empty where it does not."""
    doubted: tuple[Loss, ...]
    """Sources that have lost more people than is believed without a person's word, as of the latest
    inventory."""


@dataclass(frozen=True, slots=True)
class Status:
    """How everything stands."""

    snapshot: SnapshotStatus | None
    reading: ReadingStatus | None
    """The inventory that is being read, where it takes several runs."""
    failure: FailedInventory | None
    """Why none was complete since; None where the latest was."""
    mode: Mode
    """Of everything: `dry-run` where the app or the tenant's policy says so."""
    paused: Pause | None
    protected: int
    """People from whom nothing is revoked."""
    bundles: tuple[BundleStatus, ...]
    unreadable: int
    """Messages that nobody could read."""
    notifications: tuple[Reliance, ...] = ()
    """How far Graph's change notifications can be relied on, of each kind of object."""
    kinds: tuple[KindStatus, ...] = ()
    """The kinds of facts beside the snapshot."""


async def status(ports: Ports, humans: Humans) -> Status:
    """Gather how everything stands now."""
    stored = await ports.bundles.all()
    terms = await terms_of(ports)
    snapshot = await ports.warehouse.latest()
    return Status(
        snapshot=await _held(ports, humans, terms.tenant, snapshot) if snapshot else None,
        reading=await _reading(ports),
        failure=await _failure(ports, snapshot),
        mode=terms.mode_of_all(),
        paused=terms.controls.pause,
        protected=len(terms.controls.protected),
        bundles=tuple([await _bundle(ports, one.bundle, terms, snapshot) for one in stored]),
        unreadable=len(await ports.ledger.unreadable()),
        notifications=await notifications(ports),
        kinds=await kinds(ports),
    )


async def _held(
    ports: Ports, humans: Humans, tenant: TenantPolicy, snapshot: Snapshot
) -> SnapshotStatus:
    # A million accounts take seconds.
    found = await asyncio.to_thread(humans.count, tenant, snapshot, ports.clock.now())
    return SnapshotStatus(
        taken_at=snapshot.taken_at.isoformat(),
        people=len(snapshot.people),
        humans=found,
        groups=len(snapshot.groups),
        memberships=sum(len(rows) for rows in snapshot.memberships.people.values()),
        products=len(snapshot.products),
    )


async def _reading(ports: Ports) -> ReadingStatus | None:
    reading = await ports.warehouse.unfinished()
    return ReadingStatus(reading.taken_at, reading.pages) if reading else None


async def _failure(ports: Ports, snapshot: Snapshot | None) -> FailedInventory | None:
    failure = await ports.warehouse.failure()
    if failure is None or (snapshot and snapshot.taken_at >= failure.at):
        return None
    return FailedInventory(failure.at, failure.reason)


async def _bundle(
    ports: Ports, bundle: Bundle, terms: Terms, snapshot: Snapshot | None
) -> BundleStatus:
    standing = await ports.ledger.standing(bundle.id)
    head, tally, pages = standing.head, standing.tally, standing.pages
    return BundleStatus(
        id=bundle.id,
        name=bundle.name,
        entitled=head.entitled,
        holders=head.holders,
        granted=tally.granted,
        revoked=tally.revoked,
        waiting=head.waiting,
        held=1 if head.held else 0,
        failed=tally.failed,
        in_flight=sum(len(page.pending()) for page in pages),
        unconfirmed=sum(len(page.unconfirmed()) for page in pages),
        reason=head.held or None,
        mode=terms.mode_of(bundle),
        leaving=head.leaving,
        plan=head.plan,
        approved_by=head.approval.by if head.approval else "",
        refused_by=head.refusal.by if head.refusal else "",
        undone=await _undone(ports, head),
        unseen_since=min(filter(None, map(unseen_since, pages)), default=None),
        licenses=_waits_for_word(bundle, head, snapshot, terms),
        doubted=losses(bundle, head.sizes, snapshot) if snapshot else (),
    )


async def _undone(ports: Ports, head: Head) -> Mapping[str, int]:
    if not head.undone:
        return {}
    return Counter(each.run for each in (await ports.ledger.undone(head.bundle)).values())


def _waits_for_word(bundle: Bundle, head: Head, snapshot: Snapshot | None, terms: Terms) -> str:
    fitting = fitting_of(Known(bundle, head), snapshot, terms) if snapshot else None
    return fitting.held if fitting else ""
