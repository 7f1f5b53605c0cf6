"""Follow: decide about everything that notifications told of, in one piece of work."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from domain.bundle import Bundle
from domain.concurrency import both
from domain.errors import Never
from domain.inventory.group import Group
from domain.jobs.decide import decide
from domain.jobs.gather import every_bundle, ground_of
from domain.jobs.looks import Looks
from domain.jobs.replies import lay_replies
from domain.jobs.request import request_soon
from domain.jobs.sending import Sending, turn_to_send
from domain.jobs.sight import close, close_idle, refused, sight, sight_of_more
from domain.jobs.wanted import look_at
from domain.jobs.work import work
from domain.jobs.write_down import write_down
from domain.plan import Plan
from domain.ports import CloseUp, Ports
from domain.telemetry.work import Work
from domain.watching.closeup import close_up
from domain.watching.reach import reach_of

PATIENCE = 10.0
"""Seconds to wait for the turn before a hint goes back on the queue."""


@dataclass(slots=True)
class Line:
    """Who waits in this process for the turn to follow notices."""

    waiting: bool = False

    def is_covered(self) -> bool:
        """Tell whether somebody does, who will see to all that is open then."""
        return self.waiting


@work(Work.FOLLOW, lambda run, line: {"run": run})
async def follow_notices(ports: Ports, run: str, line: Line) -> None:
    """Decide about the people of all open notices at once, and ask for what that cannot settle.

    What concerns no bundle, as most of it does not, waits for nobody's turn.

    Args:
        run: names this piece of work in plans and logs.
        line: in which it waits.

    Raises:
        Later: another compile is at work, or Graph or the storage cannot answer now; the notices
            stay open.
    """
    if line.is_covered():
        return
    bundles, notices = await both(every_bundle(ports), ports.notices.open())
    seen = await close_idle(ports, await sight(ports, notices, bundles))
    if not seen.concern.people:
        await close(ports, seen)
        return
    if line.is_covered():
        return
    async with _turn_in(line, ports) as sending:
        before, (bundles, notices) = bundles, await both(every_bundle(ports), ports.notices.open())
        if bundles != before:
            seen = await sight(ports, notices, bundles)
        else:  # more may have come, or somebody else was quicker
            seen = await sight_of_more(ports, seen, notices, bundles)
        try:
            found = await _close_up(ports, sorted(seen.concern.people), bundles, run, sending)
        except Never as error:
            await close(ports, refused(ports, seen.notices, error))
            return
        await close(ports, seen.looked_at(found.marks), _why_more(found.plans))


@asynccontextmanager
async def _turn_in(line: Line, ports: Ports) -> AsyncIterator[Sending]:
    """Wait in line and hold the turn; who comes from then on is not seen to any more."""
    async with AsyncExitStack() as held:
        line.waiting = True
        try:
            turn = turn_to_send(ports, PATIENCE, urgent=True)
            sending = await held.enter_async_context(turn)
        finally:
            line.waiting = False
        yield sending


@work(Work.FOLLOW, lambda people, run: {"run": run})
async def recompile_people(ports: Ports, people: Sequence[str], run: str) -> None:
    """Decide again about people, reading them afresh; who is gone may have left a seat.

    Args:
        run: names this piece of work in plans and logs.

    Raises:
        Later: another compile is at work, or Graph or the storage cannot answer now.
    """
    async with turn_to_send(ports, PATIENCE, urgent=True) as sending:
        bundles = await every_bundle(ports)
        found = await _close_up(ports, people, bundles, run, sending)
    why = _why_more(found.plans) or ("somebody is gone" if found.gone and bundles else "")
    if why:
        await request_soon(ports, why)


@dataclass(frozen=True, slots=True)
class _Found:
    """What came of a close look at people."""

    plans: Sequence[Plan] = ()
    gone: bool = False
    """Whether anyone is."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Of their attributes, as they were decided about."""


async def _close_up(
    ports: Ports, people: Sequence[str], bundles: Sequence[Bundle], run: str, sending: Sending
) -> _Found:
    """Decide about people from a close look."""
    if not people or not bundles:
        return _Found()
    began = ports.clock.now()
    named = {group for bundle in bundles for group in bundle.groups()}

    async def look() -> tuple[Mapping[str, CloseUp | None], Mapping[str, Group]]:
        return await both(look_at(ports, people, bundles), ports.directory.find_groups(named))

    # Not `both` itself: stopped before it begins, it would never await what it was given.
    (seen, groups), ground = await both(look(), ground_of(ports, bundles))
    present = [view for view in seen.values() if view is not None]
    if not present:
        return _Found(gone=True)
    # After the ledger: a seat that was given in between must show in one of the two.
    products = await ports.directory.products()
    snapshot = close_up(present, groups, products, began)
    snapshot = await lay_replies(ports, bundles, ground.terms.tenant, snapshot)
    decided = await decide(ports, ground, snapshot, Looks())
    plans = await write_down(ports, decided, run, sending)
    reach = reach_of(bundles, ground.terms.tenant)
    marks = {view.person.id: reach.marks(view.person) for view in present}
    return _Found(plans, len(present) < len(seen), marks)


def _why_more(plans: Sequence[Plan]) -> str:
    """Say why a compile of everything is to follow; empty where it is not."""
    for plan in plans:
        if plan.holds and plan.changes:
            return f"bundle {plan.bundle} is held, and the whole of it is to be shown"
        if plan.unseen:
            return f"bundle {plan.bundle} cannot be decided from a close look"
    return ""
