"""Compile everything: the latest snapshot against every bundle.

What is decided on takes seconds to read, so that is done before the turn is taken. With the turn in
hand it is looked whether all still stands as it was read, and then written down. One compile of
everything is at work at a time; what notifications tell of is decided about in between.
"""

from contextlib import suppress
from itertools import count

from domain.errors import Later
from domain.jobs.ahead import decide_ahead, decide_with_turn, look_again
from domain.jobs.looks import Looks
from domain.jobs.outcomes import count_seats
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

COURTESY = 10.0
"""Seconds to wait for others before it begins to read."""

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
    await _let_go_first(ports)
    ahead = await decide_ahead(ports, run, looks)
    async with turn_to_send(ports, PATIENCE, urgent=time > GIVES_WAY) as sending:
        now = await look_again(ports, ahead)
        if not now.stands:
            ports.log.note("compile.anew", run=run, time=time)
            if time < AHEAD or (now.afresh and time <= GIVES_WAY):
                return [], True
            ahead = await decide_with_turn(ports, run, looks, ahead, now)
        plans = await write_down(ports, ahead.decided, run, sending)
        if not sending.left:
            snapshot = ahead.decided.snapshot
            count_seats(ports, ahead.decided.ground.bundles, snapshot.products, plans)
            await ports.notices.note_compiled(snapshot.taken_at)
    if sending.left:
        ports.log.note("compile.gave_way", run=run, bundles=len(sending.left))
    return plans, bool(sending.left)


async def _let_go_first(ports: Ports) -> None:
    """Wait a while for those who are at it: they would change what is read here."""
    with suppress(Later):
        async with ports.warehouse.turn(COURTESY):
            pass


def sent_changes(plans: list[Plan]) -> int:
    """Count the changes of the plans that were sent."""
    return sum(len(plan.changes) for plan in plans if plan.state is PlanState.SENT)
