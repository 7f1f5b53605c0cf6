"""Status: how every bundle stands, for people and for the progress they watch."""

from dataclasses import dataclass

from domain.bundle import Bundle
from domain.controls import Pause
from domain.fact import Mode
from domain.jobs.gather import terms_of
from domain.ports import Ports
from domain.terms import Terms


@dataclass(frozen=True, slots=True)
class SnapshotStatus:
    """What the latest inventory holds."""

    taken_at: str
    people: int
    groups: int
    memberships: int
    products: int


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


@dataclass(frozen=True, slots=True)
class Status:
    """How everything stands."""

    snapshot: SnapshotStatus | None
    mode: Mode
    """Of everything: `dry-run` where the app or the tenant's policy says so."""
    paused: Pause | None
    protected: int
    """People from whom nothing is revoked."""
    bundles: tuple[BundleStatus, ...]
    unreadable: int
    """Messages that nobody could read."""


async def status(ports: Ports) -> Status:
    """Gather how everything stands now."""
    stored = await ports.bundles.all()
    terms = await terms_of(ports)
    return Status(
        snapshot=await _snapshot(ports),
        mode=terms.mode_of_all(),
        paused=terms.controls.pause,
        protected=len(terms.controls.protected),
        bundles=tuple([await _bundle(ports, one.bundle, terms) for one in stored]),
        unreadable=len(await ports.ledger.unreadable()),
    )


async def _snapshot(ports: Ports) -> SnapshotStatus | None:
    snapshot = await ports.warehouse.latest()
    if snapshot is None:
        return None
    return SnapshotStatus(
        taken_at=snapshot.taken_at.isoformat(),
        people=len(snapshot.people),
        groups=len(snapshot.groups),
        memberships=sum(len(rows) for rows in snapshot.memberships.people.values()),
        products=len(snapshot.products),
    )


async def _bundle(ports: Ports, bundle: Bundle, terms: Terms) -> BundleStatus:
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
    )
