"""Dates in rules: instants, durations, and moments that move with the clock.

Whole instants are compared, not days. A text without an offset is read as UTC, a day without a
time as its midnight.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from domain.errors import Held
from domain.inventory.people import Mask, Value
from domain.quoted import quoted
from domain.rule.cells import Cells, Test

LONGEST = timedelta(days=36_525)
"""A hundred years; a longer duration is a slip of the pen."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", re.I)
_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?",
    re.I | re.ASCII,
)
_UNITS = (365 * 86400, 30 * 86400, 7 * 86400, 86400, 3600, 60, 1)
"""Seconds; a year is 365 days and a month 30, as .NET reads such a duration."""

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def instant(text: str) -> datetime | None:
    """Return the instant a text names, or None if it names none."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def duration(text: str) -> timedelta | None:
    """Return an ISO 8601 duration, or None if the text is none or is over `LONGEST`."""
    found = _DURATION.fullmatch(text)
    if not found:
        return None
    amounts = zip(found.groups(), _UNITS, strict=True)
    seconds = sum(float(amount) * unit for amount, unit in amounts if amount)
    return timedelta(seconds=seconds) if seconds <= LONGEST.total_seconds() else None


@dataclass(frozen=True, slots=True)
class Moment:
    """A fixed instant, or one a given time before or after now."""

    fixed: datetime | None
    offset: timedelta = timedelta()

    def at(self, now: datetime) -> datetime:
        """Return the instant that is meant."""
        if self.fixed is not None:
            return self.fixed
        try:
            return now + self.offset
        except OverflowError:
            return _FIRST if self.offset < timedelta() else _LAST


def is_at(moment: Moment) -> Test:
    """-eq: the very instant."""
    return _compare(operator.eq, moment)


def is_until(moment: Moment) -> Test:
    """-le: then or before."""
    return _compare(operator.le, moment)


def is_from(moment: Moment) -> Test:
    """-ge: then or after."""
    return _compare(operator.ge, moment)


def _compare(compare: Callable[[datetime, datetime], bool], moment: Moment) -> Test:
    def test(cells: Cells, now: datetime) -> Mask:
        bound = moment.at(now)
        found = map(_instant_of, cells.values)
        return np.array([each is not None and compare(each, bound) for each in found], np.bool_)

    return test


def _instant_of(value: Value) -> datetime | None:
    if value is None:
        return None
    found = instant(value) if isinstance(value, str) else None
    if found is None:
        raise Held(f"The inventory has {quoted(str(value))} where a date belongs.")
    return found
