"""How full Graph's write bucket is, as all instances together believe; a value and its aging."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Self

from adapters.graph.pace.quota import Cost, Quota

DAY = 86_400.0


class Belief(StrEnum):
    """What a PATCH of several members is believed to cost."""

    UNKNOWN = "unknown"
    """Counted as cheap until something speaks for one or the other: Graph tells how full the bucket
    is before it refuses, so counting too little shows, and counting too much never would."""
    CHEAP = "cheap"
    """Graph said that less is used than the dear way to count allows. Holds for a day."""
    LIKELY = "likely"
    """Dear, by how much Graph says is used; a later answer may say otherwise."""
    DEAR = "dear"
    """Graph refused a write although there was room by the cheap way to count. Holds for a day."""


@dataclass(frozen=True, slots=True)
class Level:
    """The state of the bucket at one moment; amounts are writes, moments seconds since 1970."""

    at: float = 0.0
    line: float = 0.0
    """What has been given out, also for later: above the bulk's part of the bucket, it is a line
    of reservations that lie ahead."""
    line_if_cheap: float = 0.0
    """What the line would be, if a PATCH cost one write; it is that as soon as this is known."""
    soft: float = 0.0
    """What was told to come back later, behind the line, without a reservation."""
    extra: float = 0.0
    """What urgent work, or somebody else, has used beyond the bulk's part."""
    extra_until: float = 0.0
    """Until then reservations made before go on as planned, and `extra` does not drain."""
    cheap: float = 0.0
    """What was surely written and has not drained yet, if a PATCH costs one."""
    dear: float = 0.0
    """Likewise, if every three members cost one."""
    belief: Belief = Belief.UNKNOWN
    believed_at: float = 0.0
    closed_until: float = 0.0
    """Graph asked everybody to wait until then."""
    void_until: float = 0.0
    """Reservations for moments before this do not count any more."""

    @property
    def sure(self) -> bool:
        """Whether the cost of a PATCH is known well enough to plan ahead with it."""
        return self.belief is not Belief.UNKNOWN

    def amount(self, cost: Cost) -> float:
        """Return what a cost is counted as."""
        return cost.dear if self.belief in (Belief.LIKELY, Belief.DEAR) else cost.cheap

    def used(self, quota: Quota) -> float:
        """Return what should be in the bucket now, when everybody keeps to the plan."""
        return min(self.line, quota.bulk) + self.extra

    def longer(self, line: float, if_cheap: float) -> Self:
        """Return the level with so much more in the line."""
        return replace(
            self,
            line=max(0.0, self.line + line),
            line_if_cheap=max(0.0, self.line_if_cheap + if_cheap),
        )

    def values(self) -> Mapping[str, float | str]:
        """Return the level as plain values to be stored."""
        return asdict(self)

    @classmethod
    def of(cls, values: Mapping[str, float | str]) -> Self:
        """Return the level that was stored so; what is missing is as at the beginning."""
        numbers = set(cls.__slots__) - {"belief"}
        known = {name: float(value) for name, value in values.items() if name in numbers}
        belief = str(values.get("belief", ""))
        return cls(**known, belief=Belief(belief) if belief in Belief else Belief.UNKNOWN)


def aged(level: Level, quota: Quota, now: float) -> Level:
    """Return the level as it is now; a clock that is behind the writer's changes nothing."""
    now = max(now, level.at)
    drained = (now - level.at) * quota.rate
    caught_up = max(0.0, now - max(level.at, level.extra_until)) * quota.rate
    old = level.belief is not Belief.UNKNOWN and now - level.believed_at > DAY
    return replace(
        level,
        at=now,
        line=max(0.0, level.line - drained),
        line_if_cheap=max(0.0, level.line_if_cheap - drained),
        soft=max(0.0, level.soft - drained),
        extra=max(0.0, level.extra - caught_up),
        cheap=max(0.0, level.cheap - drained),
        dear=max(0.0, level.dear - drained),
        belief=Belief.UNKNOWN if old else level.belief,
    )
