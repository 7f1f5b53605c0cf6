"""Recompile: decide again for a few people who may have moved, reading them afresh."""

from datetime import timedelta

from domain.closeup import close_up
from domain.errors import Later, Never
from domain.jobs.dead_letters import note_unreadable
from domain.jobs.decide import decide
from domain.jobs.run import run_everything
from domain.jobs.wanted import look_at
from domain.message import read_hint
from domain.ports import Hint, Ports

PATIENCE = 10.0
"""Seconds to wait for the turn before the hint goes back on the queue."""


async def recompile(ports: Ports, hint: Hint, run: str) -> None:
    """Follow a hint; one that must wait is put back on the queue for later.

    Args:
        run: names this piece of work in plans and logs, unless the hint brings a run of its own.
    """
    if hint.run is not None:
        await run_everything(ports, hint.run, inventory=hint.inventory)
        return
    try:
        await _people(ports, hint, run)
    except Later as error:
        when = ports.clock.now() + timedelta(seconds=error.after)
        ports.log.note("recompile.later", people=len(hint.people), reason=str(error))
        await ports.queue.send_hints([hint], when)


async def recompile_message(ports: Ports, body: bytes, message: str) -> None:
    """Follow the hint in a message; a message nobody can read is kept as a failed outcome.

    Args:
        message: the message's id, which also names the work in plans and logs.
    """
    try:
        hint = read_hint(body)
    except Never as error:
        await note_unreadable(ports, message, str(error), body.decode(errors="replace"))
        return
    await recompile(ports, hint, message)


async def _people(ports: Ports, hint: Hint, run: str) -> None:
    async with ports.warehouse.turn(PATIENCE):
        bundles = [stored.bundle for stored in await ports.bundles.all()]
        began = ports.clock.now()
        seen = await look_at(ports, hint.people, bundles)
        present = [view for view in seen.values() if view is not None]
        if not present or not bundles:
            return
        groups = await ports.directory.find_groups({g for b in bundles for g in b.groups()})
        products = await ports.directory.products()
        await decide(ports, bundles, close_up(present, groups, products, began), run)
