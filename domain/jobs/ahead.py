"""Ahead: what a compile of everything decides before it has the turn, and whether it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from domain.change import Action
from domain.concurrency import both
from domain.decision.known import Known
from domain.errors import Held, SeatflowError
from domain.inventory.snapshot import Snapshot
from domain.jobs.decide import Decided, decide
from domain.jobs.drift import note_drift
from domain.jobs.fit import fit_targets
from domain.jobs.gather import Ground, every_bundle, ground_of
from domain.jobs.looks import SKEW, Looks
from domain.jobs.overtaken import overtaken_since
from domain.jobs.replies import lay_replies
from domain.plan import Plan
from domain.ports import Ports


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was decided, and what it was decided on."""

    decided: Decided
    read: Ground
    """As it was read."""
    at: datetime
    """From when on something that was told may not be known to it."""


@dataclass(frozen=True, slots=True)
class Now:
    """What is so when the turn is there."""

    ground: Ground
    stands: bool
    """Whether nothing has changed on which it was decided."""
    afresh: bool
    """Whether there is a newer inventory, or other bundles, so that all is to be read anew."""


async def decide_ahead(ports: Ports, run: str, looks: Looks) -> Ahead:
    """Read what there is to decide on, and decide.

    Args:
        run: names this piece of work in plans and logs.
        looks: at people, in this compile.

    Raises:
        Held: there is no inventory yet.
        Later: the storage cannot answer now.
    """
    latest = await ports.warehouse.latest()
    if latest is None:
        raise Held("There is no inventory yet, so nothing can be decided.")
    at = ports.clock.now() - SKEW
    read = await ground_of(ports, await every_bundle(ports))
    # After the ledger: a seat that was given in between must show in one of the two.
    snapshot = await _with_seats(ports, latest)
    ground, snapshot = await _look_around(ports, read, snapshot, run)
    snapshot = await lay_replies(ports, ground.bundles, ground.terms.tenant, snapshot)
    return Ahead(await decide(ports, ground, snapshot, looks), read, at)


async def decide_with_turn(ports: Ports, run: str, looks: Looks, before: Ahead, now: Now) -> Ahead:
    """Decide anew while nobody else can; what was seen around the targets a moment ago will do.

    Raises:
        Later: the storage cannot answer now.
    """
    if now.afresh:
        return await decide_ahead(ports, run, looks)
    at = ports.clock.now() - SKEW
    snapshot = await _with_seats(ports, before.decided.snapshot)
    seen = before.decided.ground.known
    known = {id: _as_seen(each, seen[id]) for id, each in now.ground.known.items()}
    ground = replace(now.ground, known=known)
    return Ahead(await decide(ports, ground, snapshot, looks), now.ground, at)


def _as_seen(known: Known, before: Known) -> Known:
    """Return what is known with what was agreed on and seen at the target, as the head has it."""
    seen = before.head
    head = replace(
        known.head,
        plans=seen.plans,
        seen=seen.seen,
        seen_at=seen.seen_at,
        seen_number=seen.seen_number,
    )
    return replace(known, head=head)


async def look_again(ports: Ports, ahead: Ahead) -> Now:
    """Look whether nothing has changed on which it was decided.

    Nobody has decided about any bundle, for a seat may be gone; neither policy nor a control was
    changed; no newer inventory was taken; and nothing was told of whoever is to be revoked.

    Raises:
        Later: the storage cannot answer now.
    """
    decided, read = ahead.decided, ahead.read
    newest, bundles = await both(ports.warehouse.newest(), every_bundle(ports))
    ground, overtaken = await both(
        ground_of(ports, bundles),
        overtaken_since(ports, ahead.at, decided.differences, decided.snapshot),
    )
    newer = newest is None or newest.taken_at > decided.snapshot.taken_at
    afresh = newer or bundles != list(read.bundles)
    stands = _same(ground, read) and overtaken.isdisjoint(_revoked(decided.plans))
    return Now(ground, stands and not afresh, afresh)


def _revoked(plans: Sequence[Plan]) -> set[str]:
    changes = chain.from_iterable(plan.changes for plan in plans)
    return {change.person for change in changes if change.action is Action.REVOKE}


def _same(ground: Ground, read: Ground) -> bool:
    if (ground.terms, ground.stored) != (read.terms, read.stored):
        return False
    return all(_lists(ground, id) == _lists(read, id) for id in read.stored)


def _lists(ground: Ground, bundle: str) -> tuple[object, ...]:
    known = ground.known[bundle]
    return known.waiting, known.leaving, known.undone


async def _look_around(
    ports: Ports, ground: Ground, snapshot: Snapshot, run: str
) -> tuple[Ground, Snapshot]:
    """Tell what others did at the targets, and set their licenses; return what is so then."""
    known = await note_drift(ports, ground.known, snapshot, run)
    known, snapshot = await fit_targets(ports, known, snapshot, ground.terms, run)
    return replace(ground, known=known), snapshot


async def _with_seats(ports: Ports, snapshot: Snapshot) -> Snapshot:
    """Return the snapshot with the seats as they are in use now.

    A seat that a hint gave away since the inventory shows in nobody's membership there, and must
    not be promised again. Seats given back since are still taken in the snapshot.
    """
    try:
        return replace(snapshot, products=await ports.directory.products())
    except SeatflowError as error:
        ports.log.note("compile.seats", reason=str(error))
        return snapshot
