"""What Graph's answers teach about the bucket: how full it is, and what a PATCH costs.

Graph tells `x-ms-throttle-limit-percentage` when more than 0.8 of a limit is used (Graph docs:
throttling-limits, identity and access). An answer that does not tell it says as much: not so much
is used. What was surely written gives the least that must be used, by either way to count.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.graph.pace.level import Belief, Level, aged
from adapters.graph.pace.meter import HORIZON
from adapters.graph.pace.quota import NOTHING, Cost, Quota
from adapters.graph.reply import Reply
from adapters.graph.waits import wait_of

TELLS = 0.8
MARGIN = 0.05
"""Of the limit: clocks, time on the wire, rounding."""

FULLEST = 1.8
"""The highest share Graph tells."""

THROTTLED = 429


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one batch of answers to writes says; shares are of the limit."""

    done: Cost = NOTHING
    """What was written, or counts as if it were."""
    least: float | None = None
    """The least share any accepted write was answered with; None when none was accepted."""
    most: float = 0.0
    """The highest share that was told."""
    closed: float = 0.0
    """Seconds Graph asks to wait."""
    full: bool = False
    """Whether Graph says it is the write quota that is used up."""


def lesson_of(answers: Sequence[tuple[Cost, Reply]]) -> Lesson:
    """Return what the answers say to writes of these costs."""
    told = [(reply, share_of(reply)) for _, reply in answers]
    refused = [reply for _, reply in answers if reply.status == THROTTLED]
    # What Graph could not do may not have been counted, and `done` is what surely was.
    counted = [cost for cost, reply in answers if reply.status < 500]
    return Lesson(
        done=sum(counted, NOTHING),
        least=min((share or TELLS for reply, share in told if reply.ok), default=None),
        most=max((share for _, share in told), default=0.0),
        closed=max(map(wait_of, refused), default=0.0),
        full=any(_is_about_writes(reply) for reply in refused),
    )


def share_of(reply: Reply) -> float:
    """Return the share of a limit that Graph says is used; 0 when it does not tell."""
    try:
        return float(reply.headers.get("x-ms-throttle-limit-percentage", ""))
    except ValueError:
        return 0.0


def learn(level: Level, quota: Quota, lesson: Lesson, now: float) -> Level:
    """Return the level as it is believed to be after these answers."""
    level = aged(level, quota, now)
    belief = _belief(level, quota, lesson)
    level = believe(level, quota, belief) if belief is not level.belief else level
    level = corrected(level, quota, lesson.most)
    if lesson.closed:
        level = close(level, quota, lesson.closed, full=lesson.full)
    cheap, dear = level.cheap + lesson.done.cheap, level.dear + lesson.done.dear
    return replace(level, cheap=cheap, dear=dear)


def believe(level: Level, quota: Quota, belief: Belief) -> Level:
    """Change what a PATCH is believed to cost, and with it how long the line is."""
    level = replace(level, belief=belief, believed_at=level.at, soft=0.0)
    if belief is Belief.CHEAP:
        return replace(level, line=min(level.line, level.line_if_cheap))
    if belief in (Belief.LIKELY, Belief.DEAR):
        # Reservations were made too close together: none of them counts, now or in the line.
        void = max(level.void_until, level.at + HORIZON * quota.window)
        return replace(level, line=min(level.dear, FULLEST * quota.limit), void_until=void)
    return level


def close(level: Level, quota: Quota, seconds: float, *, full: bool) -> Level:
    """Let nobody write for so long; where the quota is used up, let it drain as far as bulk may."""
    until = max(level.closed_until, level.at + seconds)
    shut = (until - level.at) * quota.rate
    drain = (quota.limit - quota.bulk) / quota.rate if full else 0.0
    least = shut + (quota.limit if full else quota.bulk - (quota.limit - quota.bulk))
    return replace(
        level,
        closed_until=until,
        void_until=max(level.void_until, until + drain),
        line=max(level.line, least),
        line_if_cheap=max(level.line_if_cheap, least),
    )


def corrected(level: Level, quota: Quota, share: float) -> Level:
    """Make room for what others used: Graph's word counts where it says more than we know of."""
    more = share * quota.limit - level.used(quota)
    if more <= 0:
        return level
    planned = max(0.0, level.line - quota.bulk) / quota.rate
    level = level.longer(more, more)
    extra = max(0.0, share * quota.limit - min(level.line, quota.bulk))
    until = max(level.extra_until, level.at + planned)
    return replace(level, extra=extra, extra_until=until)


def _belief(level: Level, quota: Quota, lesson: Lesson) -> Belief:
    if level.belief is Belief.DEAR:
        return Belief.DEAR
    margin = MARGIN * quota.limit
    if lesson.full and level.cheap < quota.limit - 2 * margin and level.dear > TELLS * quota.limit:
        return Belief.DEAR
    differ = level.dear - level.cheap > margin
    if lesson.least is not None and level.dear > lesson.least * quota.limit + margin and differ:
        return Belief.CHEAP
    seen = lesson.most * quota.limit
    if level.belief is Belief.UNKNOWN and level.cheap + 2 * margin < seen < level.dear + 2 * margin:
        return Belief.LIKELY
    return level.belief


def _is_about_writes(reply: Reply) -> bool:
    told = reply.headers.get("x-ms-throttle-information", "")
    return told.startswith("WriteLimit")
