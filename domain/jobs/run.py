"""A run: inventory and compile of everything, with a record of how far it came."""

from dataclasses import replace

from domain.errors import SeatflowError
from domain.jobs.compile import LONG_PATIENCE, compile_everything, sent_changes
from domain.jobs.inventory import take_inventory
from domain.jobs.work import work
from domain.ports import Ports
from domain.records import Run, RunState
from domain.telemetry.work import Work

_PATIENCE = 120.0
"""Seconds to wait for an inventory that a timer takes; what it read need not be read again."""


@work(Work.RUN, lambda run, **_: {"run": run})
async def run_everything(ports: Ports, run: str, *, inventory: bool = True) -> Run:
    """Take an inventory and compile; what stops it is written into its record."""
    record = Run(run, RunState.INVENTORY, ports.clock.now())
    await ports.runs.keep(record)
    try:
        record = replace(record, state=RunState.COMPILING, people=await _people(ports, inventory))
        await ports.runs.keep(record)
        plans = await compile_everything(ports, run, LONG_PATIENCE)
        record = replace(
            record,
            state=RunState.DONE,
            bundles=len({plan.bundle for plan in plans}),
            changes=sent_changes(plans),
        )
    except SeatflowError as error:
        record = replace(record, state=RunState.FAILED, reason=str(error))
        ports.log.note("run.failed", run=run, reason=str(error))
    record = replace(record, finished_at=ports.clock.now())
    await ports.runs.keep(record)
    return record


async def _people(ports: Ports, inventory: bool) -> int:
    """Return how many there are, after an inventory where that is wanted."""
    if inventory:
        kept = await take_inventory(ports, patience=_PATIENCE)
        return kept.counts["people"] if kept else 0
    snapshot = await ports.warehouse.latest()
    return len(snapshot.people) if snapshot else 0
