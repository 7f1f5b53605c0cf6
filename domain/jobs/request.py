"""Request: put a run on the queue, so that whoever asked need not wait for it."""

from datetime import datetime

from domain.jobs.hinting import send_hints
from domain.jobs.work import work
from domain.ports import Hint, Ports
from domain.records import Run, RunState
from domain.telemetry.work import Work

TOGETHER = 15
"""Seconds: what asks for a run within them gets one, after the last of it."""


@work(Work.ASK, lambda run, **_: {"run": run})
async def request_run(ports: Ports, run: str, *, inventory: bool = True) -> Run:
    """Queue a run under the given id, with or without an inventory of its own."""
    now = ports.clock.now()
    queued = Run(run, RunState.QUEUED, now)
    await ports.runs.keep(queued)
    await send_hints(ports, [Hint(run=run, inventory=inventory)], now)
    return queued


async def request_soon(ports: Ports, why: str, since: datetime | None = None) -> None:
    """Ask for an inventory and compile of everything, together with whoever else asks soon.

    Args:
        since: when that came up for which it is asked; whoever asks again for it gets no other run.
    """
    now = ports.clock.now()
    moment = int((since or now).timestamp()) // TOGETHER
    due = datetime.fromtimestamp((moment + 1) * TOGETHER, now.tzinfo)
    ports.log.note("run.requested", run=f"moved-{moment}", reason=why)
    await send_hints(ports, [Hint(run=f"moved-{moment}", due=due)], now)
