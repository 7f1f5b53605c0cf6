"""Request: put a run on the queue, so that whoever asked need not wait for it."""

from domain.ports import Hint, Ports
from domain.records import Run, RunState


async def request_run(ports: Ports, run: str, *, inventory: bool = True) -> Run:
    """Queue a run under the given id, with or without an inventory of its own."""
    now = ports.clock.now()
    queued = Run(run, RunState.QUEUED, now)
    await ports.runs.keep(queued)
    await ports.queue.send_hints([Hint(run=run, inventory=inventory)], now)
    return queued
