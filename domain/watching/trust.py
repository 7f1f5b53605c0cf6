"""Trust: how far notifications may be relied on, measured against what inventories find.

Each inventory by delta query compares what it found with what had been told. What it found and
nobody had told may be told yet, so the verdict on that is left to the next one: late, or missed.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.inventory.snapshot import LAG
from domain.watching.notice import Mention, Notice, What
from domain.watching.notification import GROUPS, USERS

RESOURCES = (USERS, GROUPS)
COMPARED = 3_000
"""Of one inventory so many objects of each kind are compared; ids are random, so it is a sample."""
KEPT = 300
"""Rounds."""
MOST_MISSED = 0.05
"""A larger share of misses within an hour is mistrusted."""
FEWEST = 20
"""Objects; fewer say nothing of a share."""
EARLIER = LAG
"""What was told so long before an inventory began may be found by the next one only."""
HOUR = timedelta(hours=1)
BOUNDS = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 1_800.0)
"""Seconds: the upper bounds of the lags that are counted together; then comes what took longer."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one comparison says of one kind of object."""

    at: datetime
    found: int = 0
    missed: int = 0
    late: int = 0
    told: int = 0
    repeated: int = 0
    """Told more than once since the round before, be it a repeat or another change."""
    lags: tuple[int, ...] = (0,) * (len(BOUNDS) + 1)
    """How many were told within each of the bounds, and later. Graph says of few when they
    happened; we know it of our own writes, and of what was late we know a lower bound."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The latest comparisons, oldest first, and what the last of them could not judge yet."""

    at: datetime | None = None
    """When the last inventory began."""
    untold: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rounds: Mapping[str, tuple[Round, ...]] = field(default_factory=dict)

    def share_missed(self, resource: str, now: datetime) -> float:
        """Return the share of what was found of late that was never told; 0 of too few."""
        recent = [one for one in self.rounds.get(resource, ()) if one.at > now - HOUR]
        found = sum(one.found for one in recent)
        return sum(one.missed for one in recent) / found if found >= FEWEST else 0.0

    def mistrusted(self, now: datetime) -> tuple[str, ...]:
        """Return the kinds of objects of which too many changes were missed of late."""
        return tuple(r for r in RESOURCES if self.share_missed(r, now) > MOST_MISSED)


def compared(
    before: Trust,
    found: Mapping[str, Collection[str]] | None,
    notices: Sequence[Notice],
    at: datetime,
) -> Trust:
    """Return the trust after one more inventory.

    Args:
        found: users, groups -> the ids of what it found changed; None when it read everything anew.
        notices: those since shortly before the inventory before.
        at: when it began.
    """
    if found is None or before.at is None:
        return replace(before, at=at, untold={})
    heard = {resource: _heard(notices, resource) for resource in RESOURCES}
    sampled = {resource: sorted(found.get(resource, ()))[:COMPARED] for resource in RESOURCES}
    rounds = {
        resource: _kept(
            before.rounds.get(resource, ()),
            _round(before, resource, len(sampled[resource]), heard[resource], notices, at),
        )
        for resource in RESOURCES
    }
    untold = {r: frozenset(sampled[r]) - heard[r].keys() for r in RESOURCES}
    return Trust(at, untold, rounds)


def _round(
    before: Trust,
    resource: str,
    found: int,
    heard: Mapping[str, datetime],
    notices: Sequence[Notice],
    at: datetime,
) -> Round:
    """Judge what the inventory before found untold; the notices tell the rest."""
    untold = before.untold.get(resource, frozenset())
    late = [heard[each] for each in untold if each in heard]
    since = before.at or at
    between = [notice for notice in notices if since <= notice.at < at]
    told = Counter(
        mention
        for notice in between
        for mention in notice.mentions
        if resource_of(mention) == resource
    )
    known = [lag for notice in between for lag in notice.lags.get(resource, ())]
    return Round(
        at=at,
        found=found,
        missed=len(untold) - len(late),
        late=len(late),
        told=told.total(),
        repeated=told.total() - len(told),
        lags=_counted([*known, *((moment - since).total_seconds() for moment in late)]),
    )


def _kept(rounds: Sequence[Round], last: Round) -> tuple[Round, ...]:
    return (*rounds, last)[-KEPT:]


def _heard(notices: Iterable[Notice], resource: str) -> dict[str, datetime]:
    """Return the ids that were told of, with when that was last."""
    return {
        mention.group or mention.id: notice.at
        for notice in notices
        for mention in notice.mentions
        if resource_of(mention) == resource
    }


def resource_of(mention: Mention) -> str:
    """Return what kind of object Graph told of: users or groups; neither where it told nothing."""
    if mention.what is What.FREED:
        return ""
    return USERS if mention.what is What.PERSON else GROUPS


def _counted(lags: Iterable[float]) -> tuple[int, ...]:
    counts = [0] * (len(BOUNDS) + 1)
    for lag in lags:
        counts[sum(lag > bound for bound in BOUNDS)] += 1
    return tuple(counts)


@dataclass(frozen=True, slots=True)
class Reliance:
    """How far notifications of one kind of object can be relied on, for people to read."""

    resource: str
    found: int
    """Changes that inventories found within the last day."""
    missed: int
    """Of those, which were never told."""
    late: int
    """Told only after an inventory had found them."""
    told: int
    repeated: int
    missed_lately: float
    """Share of misses within an hour."""
    half_within: float | None
    """Seconds within which half of those were told whose time is known; None where that takes
    longer than half an hour, or of none is known when they happened."""
    most_within: float | None
    """The same of 95 of 100."""
    mistrusted: bool


def reliance(trust: Trust, resource: str, now: datetime) -> Reliance:
    """Return what the rounds of the last day come to."""
    rounds = [one for one in trust.rounds.get(resource, ()) if one.at > now - timedelta(days=1)]
    lags = [sum(counts) for counts in zip(*(one.lags for one in rounds), strict=True)]
    return Reliance(
        resource=resource,
        found=sum(one.found for one in rounds),
        missed=sum(one.missed for one in rounds),
        late=sum(one.late for one in rounds),
        told=sum(one.told for one in rounds),
        repeated=sum(one.repeated for one in rounds),
        missed_lately=round(trust.share_missed(resource, now), 4),
        half_within=_within(lags, 0.5),
        most_within=_within(lags, 0.95),
        mistrusted=resource in trust.mistrusted(now),
    )


def _within(lags: Sequence[int], share: float) -> float | None:
    total = sum(lags)
    for number, bound in enumerate(BOUNDS):
        if total and sum(lags[: number + 1]) >= share * total:
            return bound
    return None
