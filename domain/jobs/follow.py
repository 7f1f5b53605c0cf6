"""Follow: decide about everything that notifications told of, in one piece of work."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from domain.bundle import Bundle
from domain.concurrency import both
from domain.errors import Never
from domain.inventory.group import Group
from domain.jobs.decide import decide
from domain.jobs.gather import ground_of
from domain.jobs.hinting import send_hints
from domain.jobs.replies import lay_replies
from domain.jobs.sending import Sending, turn_to_send
from domain.jobs.triage import Concern, triage
from domain.jobs.wanted import look_at, tenant_of
from domain.jobs.work import work
from domain.plan import Plan
from domain.ports import CloseUp, Hint, Ports
from domain.telemetry.metrics import WEBHOOK_LAG
from domain.telemetry.work import Work
from domain.watching.closeup import close_up
from domain.watching.notice import Notice, moved
from domain.watching.notification import GROUPS
from domain.watching.reach import reach_of

PATIENCE = 10.0
"""Seconds to wait for the turn before a hint goes back on the queue."""

AGAIN = timedelta(seconds=30)
"""Whoever was told of and is not there is looked for once more after this: whom Graph has just
created, not all of it knows yet."""

TOGETHER = 15
"""Seconds: what asks for a run within them gets one, after the last of it."""


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
    bundles, notices = await both(_bundles(ports), ports.notices.open())
    seen = await _sight(ports, notices, bundles)
    if not seen.concern.people:
        await _close(ports, seen, [])
        return
    if line.is_covered():
        return
    async with _turn_in(line, ports) as sending:
        before, (bundles, notices) = bundles, await both(_bundles(ports), ports.notices.open())
        if bundles != before or {each.id for each in notices} != {each.id for each in seen.notices}:
            # More has come, policy has changed, or somebody else was quicker.
            seen = await _sight(ports, notices, bundles)
        try:
            plans, _ = await _close_up(ports, sorted(seen.concern.people), bundles, run, sending)
        except Never as error:
            seen, plans = _refused(ports, seen.notices, error), []
        await _close(ports, seen, plans)


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


@dataclass(frozen=True, slots=True)
class _Seen:
    """Notices, and what of them concerns a bundle."""

    notices: Sequence[Notice]
    concern: Concern = field(default_factory=Concern)


async def _sight(ports: Ports, notices: Sequence[Notice], bundles: Sequence[Bundle]) -> _Seen:
    if not notices or not bundles:
        return _Seen(notices)
    reach = reach_of(bundles, await tenant_of(ports))
    try:
        return _Seen(notices, await triage(ports, moved(notices), bundles, reach))
    except Never as error:
        return _refused(ports, notices, error)


def _refused(ports: Ports, notices: Sequence[Notice], error: Never) -> _Seen:
    """Give notices up: what is wrong will not go away by itself, and must not stop what follows."""
    ports.log.note("notices.refused", notices=len(notices), reason=str(error))
    return _Seen(notices, Concern(everything="what was told could not be read"))


async def _close(ports: Ports, seen: _Seen, plans: Sequence[Plan]) -> None:
    """Note that notices were followed, and ask for what is left."""
    if not seen.notices:
        return
    concern = seen.concern
    ports.telemetry.also(notice.trace for notice in seen.notices)
    lags = {notice.id: _echoes(notice, concern) for notice in seen.notices}
    for lag in chain.from_iterable(lags.values()):
        ports.telemetry.measure(WEBHOOK_LAG, lag, resource=GROUPS)
    followed = [_followed(notice, concern, lags[notice.id]) for notice in seen.notices]
    await ports.notices.follow(followed)
    ports.log.note(
        "notices.followed",
        notices=len(seen.notices),
        seen=len(concern.marks),
        people=len(concern.people),
    )
    if concern.missing:
        due = ports.clock.now() + AGAIN
        await send_hints(ports, [Hint(tuple(sorted(concern.missing)), due=due)], due)
    if why := concern.everything or _why_more(plans):
        await request_soon(ports, why)


@work(Work.FOLLOW, lambda people, run: {"run": run})
async def recompile_people(ports: Ports, people: Sequence[str], run: str) -> None:
    """Decide again about people, reading them afresh; who is gone may have left a seat.

    Args:
        run: names this piece of work in plans and logs.

    Raises:
        Later: another compile is at work, or Graph or the storage cannot answer now.
    """
    async with turn_to_send(ports, PATIENCE, urgent=True) as sending:
        bundles = await _bundles(ports)
        plans, gone = await _close_up(ports, people, bundles, run, sending)
    why = _why_more(plans) or ("somebody is gone" if gone and bundles else "")
    if why:
        await request_soon(ports, why)


async def request_soon(ports: Ports, why: str) -> None:
    """Ask for an inventory and compile of everything, together with whoever else asks soon."""
    now = ports.clock.now()
    moment = int(now.timestamp()) // TOGETHER
    due = datetime.fromtimestamp((moment + 1) * TOGETHER, now.tzinfo)
    ports.log.note("run.requested", run=f"moved-{moment}", reason=why)
    await send_hints(ports, [Hint(run=f"moved-{moment}", due=due)], now)


def _followed(notice: Notice, concern: Concern, lags: tuple[float, ...]) -> Notice:
    """Return a notice with what was seen of its people, and how late it told of our own writes."""
    people = dict.fromkeys(told.id for told in notice.mentions if told.id in concern.marks)
    known = {GROUPS: (*notice.lags.get(GROUPS, ()), *lags)} if lags else {}
    looks = {person: concern.marks[person] for person in people}
    return replace(notice, looks=looks, lags={**notice.lags, **known})


def _echoes(notice: Notice, concern: Concern) -> tuple[float, ...]:
    """Return how long each of our own writes took to be told, in seconds."""
    ours = [concern.written[told] for told in notice.mentions if told in concern.written]
    return tuple(max((notice.at - moment).total_seconds(), 0.0) for moment in ours)


async def _bundles(ports: Ports) -> list[Bundle]:
    return [stored.bundle for stored in await ports.bundles.all()]


async def _close_up(
    ports: Ports, people: Sequence[str], bundles: Sequence[Bundle], run: str, sending: Sending
) -> tuple[list[Plan], bool]:
    """Decide about people from a close look; return the plans, and whether anyone is gone."""
    if not people or not bundles:
        return [], False
    began = ports.clock.now()
    named = {group for bundle in bundles for group in bundle.groups()}

    async def look() -> tuple[Mapping[str, CloseUp | None], Mapping[str, Group]]:
        return await both(look_at(ports, people, bundles), ports.directory.find_groups(named))

    # Not `both` itself: stopped before it begins, it would never await what it was given.
    (seen, groups), ground = await both(look(), ground_of(ports, bundles))
    present = [view for view in seen.values() if view is not None]
    if not present:
        return [], True
    # After the ledger: a seat that was given in between must show in one of the two.
    products = await ports.directory.products()
    snapshot = close_up(present, groups, products, began)
    snapshot = await lay_replies(ports, bundles, ground.terms.tenant, snapshot)
    return await decide(ports, ground, snapshot, run, sending), len(present) < len(seen)


def _why_more(plans: Sequence[Plan]) -> str:
    """Say why a compile of everything is to follow; empty where it is not."""
    for plan in plans:
        if plan.holds and plan.changes:
            return f"bundle {plan.bundle} is held, and the whole of it is to be shown"
        if plan.unseen:
            return f"bundle {plan.bundle} cannot be decided from a close look"
    return ""
