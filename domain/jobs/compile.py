"""Compile everything: the latest snapshot against every bundle."""

from dataclasses import replace

from domain.errors import Held, SeatflowError
from domain.inventory.snapshot import Snapshot
from domain.jobs.decide import decide
from domain.jobs.outcomes import count_seats
from domain.jobs.work import work
from domain.plan import Plan, PlanState
from domain.ports import Ports
from domain.telemetry.work import Work

PATIENCE = 75.0
"""Seconds: longer than the turn of a process that died stays taken, or a close-up is at work."""


@work(Work.COMPILE, lambda run: {"run": run})
async def compile_everything(ports: Ports, run: str) -> list[Plan]:
    """Plan and send for every bundle.

    Raises:
        Held: there is no inventory yet.
        Later: another compile is at work, or the storage cannot answer now.
    """
    async with ports.warehouse.turn(PATIENCE):
        snapshot = await ports.warehouse.latest()
        if snapshot is None:
            raise Held("There is no inventory yet, so nothing can be decided.")
        bundles = [stored.bundle for stored in await ports.bundles.all()]
        snapshot = await _with_seats(ports, snapshot)
        plans = await decide(ports, bundles, snapshot, run)
        count_seats(ports, bundles, snapshot.products, plans)
        await ports.notices.note_compiled(snapshot.taken_at)
    ports.log.note("compile.done", run=run, bundles=len(bundles), changes=sent_changes(plans))
    return plans


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
