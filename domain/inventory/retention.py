"""Retention: which past snapshots are kept, thinned with age.

`all:2h hourly:2d daily:30d monthly:365d` keeps every snapshot of two hours, then the last of each
hour for two days, of each day for thirty, of each month for a year.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import Never

DEFAULT = "all:2h hourly:2d daily:30d monthly:365d"
_EXPECTED = f"Expected steps such as {DEFAULT}."

_STEP = re.compile(r"([a-z]+):([0-9]{1,5})([hd])")
_PERIODS: Mapping[str, Callable[[datetime], object] | None] = {
    "all": None,
    "hourly": lambda at: (at.date(), at.hour),
    "daily": lambda at: at.date(),
    "weekly": lambda at: at.isocalendar()[:2],
    "monthly": lambda at: (at.year, at.month),
    "yearly": lambda at: at.year,
}
"""How snapshots are grouped; the last of each group is kept."""


@dataclass(frozen=True, slots=True)
class Step:
    """One of each period, up to an age."""

    period: str
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept; a snapshot that any step keeps stays."""

    steps: tuple[Step, ...]

    def keeps(self, moments: Mapping[str, datetime], now: datetime) -> frozenset[str]:
        """Return which of the snapshots stay; the newest always does.

        What was the last of its period once is kept for as long as a step wants it, whenever this
        is asked in between: only a later one of the same period takes its place.

        Args:
            moments: when each snapshot was begun, by id, in UTC.
        """
        newest_first = sorted(moments, key=lambda id: (moments[id], id), reverse=True)
        kept = set(newest_first[:1])
        for step in self.steps:
            young = [id for id in newest_first if now - moments[id] <= step.lasts]
            period = _PERIODS[step.period]
            kept |= _last_of_each(young, period, moments) if period else set(young)
        return frozenset(kept)


def _last_of_each(
    ids: Iterable[str], period: Callable[[datetime], object], moments: Mapping[str, datetime]
) -> set[str]:
    found: dict[object, str] = {}
    for id in ids:
        found.setdefault(period(moments[id]), id)
    return set(found.values())


def read_retention(text: str) -> Retention:
    """Return what a text such as `all:2h daily:30d` says.

    Raises:
        Never: it makes no sense.
    """
    steps = []
    for word in text.split():
        found = _STEP.fullmatch(word)
        if found is None or found[1] not in _PERIODS:
            periods = ", ".join(_PERIODS)
            raise Never(f"Found {word!r} in a retention.", f"{_EXPECTED} Periods are {periods}.")
        count = int(found[2])
        lasts = timedelta(hours=count) if found[3] == "h" else timedelta(days=count)
        steps.append(Step(found[1], lasts))
    if not steps:
        raise Never("The retention is empty.", _EXPECTED)
    return Retention(tuple(steps))
