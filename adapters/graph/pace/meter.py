"""The meter: who may write when, as pure functions over the level of the bucket.

It is a bucket with virtual scheduling (GCRA): whoever must wait has room set aside at a moment of
her own, so that nobody asks Graph in vain. Levels given to these functions need not be aged.
"""

from dataclasses import dataclass, replace

from adapters.graph.pace.level import Level, aged
from adapters.graph.pace.quota import Cost, Quota

HORIZON = 0.4
"""In windows: room is set aside so far ahead. What lies further away comes back and asks again, so
that urgent work, other apps and what we learn meanwhile change no more plans than these."""

UNSURE_HORIZON = 1 / 15
"""The same, for work of which it is not known yet what it costs."""

LEAST_HORIZON = 10.0
"""Seconds: less than this is not worth a way through the queue."""

LEAD = 0.2
"""In windows: who comes back is expected so long before her turn, lest the bucket stand idle."""

_AHEAD_OF_ROOM = 0.25


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the line that one process may give out by itself."""

    start: float
    """When the bucket has room for the piece's beginning; long ago if it was far from full."""
    size: float


@dataclass(frozen=True, slots=True)
class Away:
    """No room was set aside: come back after so many seconds."""

    after: float


def reserve(
    level: Level,
    quota: Quota,
    cost: Cost,
    now: float,
    ahead: float = 0.0,
    *,
    again: bool = False,
) -> tuple[Level, Piece | Away]:
    """Set room aside for bulk work.

    Args:
        again: it was told to come back a moment ago, so it is counted among those already.
        ahead: take so much more, where there is plenty, to be given out without asking again.
    """
    level = aged(level, quota, now)
    need, shut = level.amount(cost), max(0.0, level.closed_until - now)
    wait = (level.line + min(need, quota.bulk) - quota.bulk) / quota.rate
    steady = (level.sure or cost.certain) and now >= level.void_until
    unsure, sure = UNSURE_HORIZON * quota.window, HORIZON * quota.window
    if wait > shut + (max(sure, LEAST_HORIZON) if steady else unsure):
        return _away(level, quota, Cost() if again else cost, shut)
    room = (quota.bulk - level.line - need) * level.sure
    size = need + max(0.0, min(ahead, room * _AHEAD_OF_ROOM))
    start = now + (level.line - quota.bulk) / quota.rate
    return level.longer(size, cost.cheap + size - need), Piece(start, size)


def reserve_urgent(level: Level, quota: Quota, cost: Cost, now: float) -> tuple[Level, Piece]:
    """Set room aside for work somebody waits for: before all bulk, as far as the headroom goes."""
    level = aged(level, quota, now)
    need, used = level.amount(cost), level.used(quota)
    line = level.line + need
    in_line = (line - quota.bulk) / quota.rate
    over = (used + need - quota.limit) / quota.rate
    in_headroom = over + max(0.0, level.extra_until - now) if over > 0 else 0.0
    if in_line <= in_headroom:
        start = now + (level.line - quota.bulk) / quota.rate
        return level.longer(need, cost.cheap), Piece(start, need)
    planned = now + max(0.0, level.line - quota.bulk) / quota.rate
    after = replace(
        level.longer(need, cost.cheap),
        extra=max(0.0, used + need - min(line, quota.bulk)),
        extra_until=max(level.extra_until, planned),
    )
    return after, Piece(now + in_headroom - need / quota.rate, need)


def give_back(level: Level, quota: Quota, amount: float, now: float) -> Level:
    """Take back what was set aside and not used."""
    return aged(level, quota, now).longer(-amount, -amount)


def _away(level: Level, quota: Quota, cost: Cost, shut: float) -> tuple[Level, Away]:
    # While it is not known what a PATCH costs, those who make some come back as early as they might
    # get their turn: too late would leave the quota unused.
    units = level.amount(cost) if level.sure else cost.cheap
    turn = (level.line + level.soft + units - quota.bulk) / quota.rate
    after = max(turn - LEAD * quota.window, UNSURE_HORIZON * quota.window, shut)
    return replace(level, soft=level.soft + units), Away(after)
