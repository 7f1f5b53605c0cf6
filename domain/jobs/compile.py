"""Compile everything: the latest snapshot against every bundle.

What is decided on takes seconds to read, so that is done before the turn is taken. With the turn in
hand it is looked whether all still stands as it was read, and then written down. One compile of
everything is at work at a time; what notifications tell of is decided about in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count

from domain.change import Action
from domain.concurrency import both
from domain.decision.known import Known
from domain.errors import Held, SeatflowError
from domain.inventory.snapshot import Snapshot
from domain.jobs.decide import Decided, decide
from domain.jobs.drift import note_drift
from domain.jobs.fit import fit_targets
from domain.jobs.gather import Ground, ground_of
from domain.jobs.looks import SKEW, Looks
from domain.jobs.outcomes import count_seats
from domain.jobs.overtaken import overtaken_since
from domain.jobs.replies import lay_replies
from domain.jobs.sending import turn_to_send
from domain.jobs.work import work
from domain.jobs.write_down import write_down
from domain.plan import Plan, PlanState
from domain.ports import Ports
from domain.telemetry.work import Work

PATIENCE = 75.0
"""Seconds: longer than the turn of a process that died stays taken, or a close-up is at work."""

LONG_PATIENCE = 240.0
"""Seconds for what somebody asked for and no timer would bring: a burst of thousands is many
close-ups, one after the other."""

AHEAD = 2
"""Times that a compile decides before it has the turn. Where others decide so often that this was
in vain each time, it decides once more with the turn in hand."""

GIVES_WAY = 3
"""Times in one compile. After that it takes its turn as the urgent do: among many of them it would
not end before its host is stopped."""


@work(Work.COMPILE, lambda run, *_: {"run": run})
async def compile_everything(ports: Ports, run: str, patience: float = PATIENCE) -> list[Plan]:
    """Plan and send for every bundle, in one turn or, where others wait for theirs, in several.

    Args:
        run: names this piece of work in plans and logs.
        patience: seconds to wait while another compile of everything is at work.

    Returns:
        The plans; more than one of a bundle about which somebody else decided in between.

    Raises:
        Held: there is no inventory yet.
        Later: another compile is at work, or the storage cannot answer now.
    """
    sent: list[Plan] = []
    looks = Looks()
    async with ports.warehouse.compiling(patience):
        for time in count(1):
            plans, left = await _take_turn(ports, run, looks, time)
            if not left:
                break
            sent += [plan for plan in plans if plan.state is PlanState.SENT]
    plans = sent + plans
    bundles = len({plan.bundle for plan in plans})
    ports.log.note("compile.done", run=run, bundles=bundles, changes=sent_changes(plans))
    return plans


async def _take_turn(ports: Ports, run: str, looks: Looks, time: int) -> tuple[list[Plan], bool]:
    """Decide, and write down what still stands then; return also whether something is left."""
    async with ports.warehouse.turn(PATIENCE, urgent=time > GIVES_WAY):
        pass  # whoever has the turn now, or waits for it, would change what is read here
    ahead = await _decide(ports, run, looks)
    async with turn_to_send(ports, PATIENCE, urgent=time > GIVES_WAY) as sending:
        now = await _look_again(ports, ahead)
        if not now.stands:
            ports.log.note("compile.anew", run=run, time=time)
            if time < AHEAD or (now.afresh and time <= GIVES_WAY):
                return [], True
            ahead = await _decide_with_turn(ports, run, looks, ahead, now)
        plans = await write_down(ports, ahead.decided, run, sending)
        if not sending.left:
            snapshot = ahead.decided.snapshot
            count_seats(ports, ahead.decided.ground.bundles, snapshot.products, plans)
            await ports.notices.note_compiled(snapshot.taken_at)
    if sending.left:
        ports.log.note("compile.gave_way", run=run, bundles=len(sending.left))
    return plans, bool(sending.left)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What was decided, and what it was decided on."""

    decided: Decided
    read: Ground
    """As it was read."""
    at: datetime
    """From when on something that was told may not be known to it."""


@dataclass(frozen=True, slots=True)
class _Now:
    """What is so when the turn is there."""

    ground: Ground
    stands: bool
    """Whether nothing has changed on which it was decided."""
    afresh: bool
    """Whether there is a newer inventory, or other bundles, so that all is to be read anew."""


async def _decide(ports: Ports, run: str, looks: Looks) -> _Ahead:
    latest = await ports.warehouse.latest()
    if latest is None:
        raise Held("There is no inventory yet, so nothing can be decided.")
    at = ports.clock.now() - SKEW
    read = await ground_of(ports, [stored.bundle for stored in await ports.bundles.all()])
    # After the ledger: a seat that was given in between must show in one of the two.
    snapshot = await _with_seats(ports, latest)
    ground, snapshot = await _look_around(ports, read, snapshot, run)
    snapshot = await lay_replies(ports, ground.bundles, ground.terms.tenant, snapshot)
    return _Ahead(await decide(ports, ground, snapshot, looks), read, at)


async def _decide_with_turn(
    ports: Ports, run: str, looks: Looks, before: _Ahead, now: _Now
) -> _Ahead:
    """Decide anew while nobody else can; what was seen around the targets a moment ago will do."""
    if now.afresh:
        return await _decide(ports, run, looks)
    at = ports.clock.now() - SKEW
    snapshot = await _with_seats(ports, before.decided.snapshot)
    seen = before.decided.ground.known
    known = {id: _as_seen(each, seen[id]) for id, each in now.ground.known.items()}
    ground = replace(now.ground, known=known)
    return _Ahead(await decide(ports, ground, snapshot, looks), now.ground, at)


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


async def _look_again(ports: Ports, ahead: _Ahead) -> _Now:
    """Look whether nothing has changed on which it was decided.

    Nobody has decided about any bundle, for a seat may be gone; neither policy nor a control was
    changed; no newer inventory was taken; and nothing was told of whoever is to be revoked.
    """
    decided, read = ahead.decided, ahead.read
    newest, stored = await both(ports.warehouse.newest(), ports.bundles.all())
    bundles = [one.bundle for one in stored]
    ground, overtaken = await both(
        ground_of(ports, bundles),
        overtaken_since(ports, ahead.at, decided.differences, decided.snapshot),
    )
    newer = newest is None or newest.taken_at > decided.snapshot.taken_at
    afresh = newer or bundles != list(read.bundles)
    stands = _same(ground, read) and overtaken.isdisjoint(_revoked(decided.plans))
    return _Now(ground, stands and not afresh, afresh)


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


def sent_changes(plans: list[Plan]) -> int:
    """Count the changes of the plans that were sent."""
    return sum(len(plan.changes) for plan in plans if plan.state is PlanState.SENT)
