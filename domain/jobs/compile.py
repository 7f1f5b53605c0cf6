"""Compile everything: the latest snapshot against every bundle."""

from dataclasses import replace
from itertools import count

from domain.errors import Held, SeatflowError
from domain.inventory.snapshot import Snapshot
from domain.jobs.decide import decide
from domain.jobs.drift import note_drift
from domain.jobs.fit import fit_targets
from domain.jobs.gather import Ground, ground_of
from domain.jobs.outcomes import count_seats
from domain.jobs.replies import lay_replies
from domain.jobs.sending import Sending, turn_to_send
from domain.jobs.work import work
from domain.plan import Plan, PlanState
from domain.ports import Ports
from domain.telemetry.work import Work

PATIENCE = 75.0
"""Seconds: longer than the turn of a process that died stays taken, or a close-up is at work."""

LONG_PATIENCE = 240.0
"""Seconds for what somebody asked for and no timer would bring: a burst of thousands is many
close-ups, one after the other."""

GIVES_WAY = 3
"""Times in one compile. After that it takes its turn as the urgent do: among many of them it would
not end before its host is stopped."""


@work(Work.COMPILE, lambda run, *_: {"run": run})
async def compile_everything(ports: Ports, run: str, patience: float = PATIENCE) -> list[Plan]:
    """Plan and send for every bundle, in one turn or, where others wait for theirs, in several.

    Args:
        run: names this piece of work in plans and logs.
        patience: seconds to wait for the first turn.

    Returns:
        The plans; more than one of a bundle about which somebody else decided in between.

    Raises:
        Held: there is no inventory yet.
        Later: another compile is at work, or the storage cannot answer now.
    """
    sent: list[Plan] = []
    snapshot: Snapshot | None = None
    for turn in count():
        wait = PATIENCE if turn else patience
        async with turn_to_send(ports, wait, urgent=turn >= GIVES_WAY) as sending:
            plans, snapshot = await _take_turn(ports, snapshot, run, sending)
        if not sending.left:
            break
        ports.log.note("compile.gave_way", run=run, bundles=len(sending.left))
        sent += [plan for plan in plans if plan.state is PlanState.SENT]
    plans = sent + plans
    bundles = len({plan.bundle for plan in plans})
    ports.log.note("compile.done", run=run, bundles=bundles, changes=sent_changes(plans))
    return plans


async def _take_turn(
    ports: Ports, before: Snapshot | None, run: str, sending: Sending
) -> tuple[list[Plan], Snapshot | None]:
    """Decide about what is not decided yet.

    Args:
        before: what the turn before this one rested on. A newer inventory takes its place, and is
            looked around in like the first: nothing may be revoked that it shows to be right.
    """
    latest = await ports.warehouse.latest()
    if latest is None:
        raise Held("There is no inventory yet, so nothing can be decided.")
    seen = before if before and before.taken_at == latest.taken_at else None
    ground = await ground_of(ports, [stored.bundle for stored in await ports.bundles.all()])
    if await sending.leaves_all(bundle.id for bundle in ground.bundles):
        return [], before
    # After the ledger: a seat that was given in between must show in one of the two.
    snapshot = await _with_seats(ports, seen or latest)
    if seen is None:
        ground, snapshot = await _look_around(ports, ground, snapshot, run)
        snapshot = await lay_replies(ports, ground.bundles, ground.terms.tenant, snapshot)
    plans = await decide(ports, ground, snapshot, run, sending)
    if not sending.left:
        count_seats(ports, ground.bundles, snapshot.products, plans)
        await ports.notices.note_compiled(snapshot.taken_at)
    return plans, snapshot


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
