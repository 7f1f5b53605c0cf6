"""Request: put a run on the queue, so that whoever asked need not wait for it."""

from domain.jobs.hinting import send_hints
from domain.jobs.work import work
from domain.ports import Hint, Ports
from domain.records import Run, RunState
from domain.telemetry.work import Work


@work(Work.ASK, lambda run, **_: {"run": run})
async def request_run(ports: Ports, run: str, *, inventory: bool = True) -> Run:
    """Queue a run under the given id, with or without an inventory of its own."""
    now = ports.clock.now()
    queued = Run(run, RunState.QUEUED, now)
    await ports.runs.keep(queued)
    await send_hints(ports, [Hint(run=run, inventory=inventory)], now)
    return queued
