"""Sight: what of the notices that are open concerns a bundle, and closing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain

from domain.bundle import Bundle
from domain.errors import Never
from domain.jobs.hinting import send_hints
from domain.jobs.request import request_soon
from domain.jobs.triage import Concern, triage
from domain.jobs.wanted import tenant_of
from domain.ports import Hint, Ports
from domain.telemetry.metrics import WEBHOOK_LAG
from domain.watching.notice import Notice, moved
from domain.watching.notification import GROUPS
from domain.watching.reach import reach_of

AGAIN = timedelta(seconds=30)
"""Whoever was told of and is not there is looked for once more after this: whom Graph has just
created, not all of it knows yet."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Notices, and what of them concerns a bundle."""

    notices: Sequence[Notice]
    concern: Concern = field(default_factory=Concern)

    def looked_at(self, marks: Mapping[str, str]) -> "Seen":
        """Return it with the marks of people as they were decided about."""
        return replace(self, concern=replace(self.concern, marks={**self.concern.marks, **marks}))


async def sight(ports: Ports, notices: Sequence[Notice], bundles: Sequence[Bundle]) -> Seen:
    """Return notices with what of them concerns a bundle.

    Raises:
        Later: Graph or the storage cannot answer now.
    """
    if not notices or not bundles:
        return Seen(notices)
    reach = reach_of(bundles, await tenant_of(ports))
    try:
        return Seen(notices, await triage(ports, moved(notices), bundles, reach))
    except Never as error:
        return refused(ports, notices, error)


async def sight_of_more(
    ports: Ports, seen: Seen, notices: Sequence[Notice], bundles: Sequence[Bundle]
) -> Seen:
    """Return what has been seen, less the notices that somebody else closed, with those that came.

    Only these are read: others wait for the turn in which that is done.

    Raises:
        Later: Graph or the storage cannot answer now.
    """
    before = {notice.id for notice in seen.notices}
    still = [notice for notice in notices if notice.id in before]
    new = [notice for notice in notices if notice.id not in before]
    more = await close_idle(ports, await sight(ports, new, bundles))
    told = {mention.id for notice in still for mention in notice.mentions}
    both = seen.concern.of(told) | more.concern
    return Seen([*still, *more.notices], both)


def refused(ports: Ports, notices: Sequence[Notice], error: Never) -> Seen:
    """Give notices up: what is wrong will not go away by itself, and must not stop what follows."""
    ports.log.note("notices.refused", notices=len(notices), reason=str(error))
    return Seen(notices, Concern(everything="what was told could not be read"))


async def close_idle(ports: Ports, seen: Seen) -> Seen:
    """Close the notices that concern nobody, and return the rest, which waits for the turn.

    Where much is told that is the echo of a bulk of ours, it would be read again and again.
    """
    concern = seen.concern
    if concern.everything or not concern.people:
        return seen
    concerned = concern.people | concern.missing
    idle, rest = list[Notice](), list[Notice]()
    for notice in seen.notices:
        tells = not concerned.isdisjoint(told.id for told in notice.mentions)
        (rest if tells else idle).append(notice)
    await close(ports, Seen(idle, replace(concern, people=frozenset(), missing=frozenset())))
    return replace(seen, notices=rest)


async def close(ports: Ports, seen: Seen, why: str = "") -> None:
    """Note that notices were followed, and ask for what is left.

    Args:
        why: everything is to be compiled, where triage did not say it already.
    """
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
    if why := concern.everything or why:
        await request_soon(ports, why)


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
