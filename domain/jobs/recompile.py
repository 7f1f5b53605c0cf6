"""Recompile: follow a hint that something moved, whatever it is about."""

from dataclasses import replace
from datetime import timedelta

from domain.errors import Later, Never
from domain.jobs.dead_letters import note_unreadable
from domain.jobs.follow import Line, follow_notices, recompile_people
from domain.jobs.hinting import send_hints
from domain.jobs.run import run_everything
from domain.jobs.watch import rewatch
from domain.message import read_hint
from domain.ports import Hint, Ports
from domain.telemetry.metrics import DEAD_LETTERS
from domain.telemetry.work import Work


async def recompile(ports: Ports, hint: Hint, run: str, line: Line) -> None:
    """Follow a hint; one that must wait is put back on the queue for later.

    Args:
        run: names this piece of work in plans and logs, unless the hint brings a run of its own.
        line: see `follow_notices`.
    """
    if hint.run is not None:
        await run_everything(ports, hint.run, inventory=hint.inventory)
        return
    try:
        await _follow(ports, hint, run, line)
    except Later as error:
        ports.log.note("recompile.later", people=len(hint.people), reason=str(error))
        when = ports.clock.now() + timedelta(seconds=error.after)
        await send_hints(ports, [replace(hint, due=when)], when)


async def recompile_message(ports: Ports, body: bytes, message: str, line: Line) -> None:
    """Follow the hint in a message; a message nobody can read is kept as a failed outcome.

    Args:
        message: the message's id, which also names the work in plans and logs.
        line: see `follow_notices`.
    """
    try:
        hint = read_hint(body)
    except Never as error:
        ports.telemetry.measure(DEAD_LETTERS, 1, queue="recompile")
        await note_unreadable(ports, message, str(error), body.decode(errors="replace"))
        return
    with ports.telemetry.work(Work.RECOMPILE, hint.trace, message=message):
        await recompile(ports, hint, message, line)


async def _follow(ports: Ports, hint: Hint, run: str, line: Line) -> None:
    if hint.notices:
        await follow_notices(ports, run, line)
    elif hint.watches:
        await rewatch(ports, frozenset(hint.watches))
    else:
        await recompile_people(ports, hint.people, run)
