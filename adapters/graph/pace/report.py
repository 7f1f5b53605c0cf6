"""What one process has to tell the others about the bucket, until it next talks to them."""

from dataclasses import dataclass, replace

from adapters.graph.pace.lessons import Lesson, believe, close, corrected
from adapters.graph.pace.level import Belief, Level, aged
from adapters.graph.pace.meter import give_back
from adapters.graph.pace.quota import NOTHING, Cost, Quota


@dataclass(frozen=True, slots=True)
class Report:
    """What was done and learned since the last time."""

    at: float = 0.0
    done: Cost = NOTHING
    """What was surely written and has not drained yet, if nothing else was in the bucket."""
    written: Cost = NOTHING
    """What was surely written in all."""
    taken: float = 0.0
    """What was set aside while the others could not be asked, and has not drained yet."""
    unused: float = 0.0
    """What was set aside and is not needed."""
    belief: Belief = Belief.UNKNOWN
    """What was found out about the cost of a PATCH; unknown where nothing was."""
    share: float = 0.0
    """What Graph says is used, where that is more than was known of."""
    closed_until: float = 0.0
    full: bool = False

    @property
    def pressing(self) -> bool:
        """Whether the others should know at once."""
        return bool(self.closed_until or self.share or self.belief is not Belief.UNKNOWN)

    def with_lesson(self, lesson: Lesson, before: Level, after: Level, quota: Quota) -> "Report":
        """Return the report with what was learned, which changed our own level so."""
        kept = self.aged(quota, after.at)
        surprised = lesson.most * quota.limit > before.used(quota)
        return replace(
            kept,
            done=kept.done + lesson.done,
            written=kept.written + lesson.done,
            belief=after.belief if after.belief is not before.belief else self.belief,
            share=max(self.share, lesson.most) if surprised else self.share,
            closed_until=after.closed_until if lesson.closed else self.closed_until,
            full=self.full or lesson.full,
        )

    def aged(self, quota: Quota, now: float) -> "Report":
        """Return the report as it is now."""
        drained = max(0.0, now - self.at) * quota.rate
        done = Cost(max(0.0, self.done.cheap - drained), max(0.0, self.done.dear - drained))
        return replace(self, at=now, done=done, taken=max(0.0, self.taken - drained))

    def before(self, newer: "Report", quota: Quota) -> "Report":
        """Return both in one, when this one could not be told; what was unused is told."""
        kept = self.aged(quota, newer.at) if newer.at > self.at else self
        return Report(
            at=kept.at,
            done=kept.done + newer.done,
            written=kept.written + newer.written,
            taken=kept.taken + newer.taken,
            unused=newer.unused,
            belief=self.belief if newer.belief is Belief.UNKNOWN else newer.belief,
            share=newer.share,
            closed_until=max(self.closed_until, newer.closed_until),
            full=self.full or newer.full,
        )


def told(level: Level, quota: Quota, report: Report, now: float) -> Level:
    """Return the level that all share, after one of them has reported."""
    report = report.aged(quota, now)
    cheap, dear = _surely(level, quota, report, now)
    level = give_back(aged(level, quota, now), quota, report.unused, now)
    level = level.longer(report.taken, report.taken)
    if report.belief not in (Belief.UNKNOWN, level.belief) and level.belief is not Belief.DEAR:
        level = believe(level, quota, report.belief)
    level = corrected(level, quota, report.share)
    if report.closed_until > now:
        level = close(level, quota, report.closed_until - now, full=report.full)
    return replace(level, cheap=cheap, dear=dear)


def _surely(level: Level, quota: Quota, report: Report, now: float) -> tuple[float, float]:
    """Return what surely is in the bucket with what is reported, by either way to count.

    Both drained at the same time, and together not faster than one: whatever gives more is sure.
    """
    drained = max(0.0, now - level.at) * quota.rate
    alone = aged(level, quota, now)
    return (
        max(alone.cheap + report.done.cheap, level.cheap + report.written.cheap - drained),
        max(alone.dear + report.done.dear, level.dear + report.written.dear - drained),
    )
