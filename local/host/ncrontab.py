"""Timer schedules: NCRONTAB, the cron dialect of Azure Functions, checked strictly.

`croniter` finds the moments, but takes more than Azure does (7 for Sunday, `L`, `1#2`, `?`), so
what would be refused in Azure is refused here first. Source: the grammar of NCrontab; times are in
UTC.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from croniter import croniter
from croniter.croniter import CroniterBadDateError

_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
_ITEM = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?")


@dataclass(frozen=True)
class _Field:
    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()


_FIELDS = (
    _Field("second", 0, 59),
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31),
    _Field("month", 1, 12, tuple(_MONTHS.split())),
    _Field("day of week", 0, 6, tuple(_DAYS.split())),
)


class BadScheduleError(ValueError):
    """A schedule Azure would refuse; says which field and what it may hold."""


@dataclass(frozen=True)
class Schedule:
    """A checked schedule; `text` as written, `cron` as six numeric fields, seconds first."""

    text: str
    cron: str

    def after(self, moment: datetime) -> datetime:
        """Return the first occurrence later than `moment` (which has its time zone, UTC)."""
        # NCRONTAB wants the day of month and the day of week both to match; cron is content with
        # one.
        found = croniter(self.cron, moment, second_at_beginning=True, day_or=False)
        return found.get_next(datetime)


def read_schedule(text: str, now: datetime) -> Schedule:
    """Check a schedule of six fields, or five without seconds. Raises BadScheduleError."""
    parts = text.split()
    if len(parts) == 5:
        parts = ["0", *parts]
    if len(parts) != 6:
        form = "second minute hour day month day-of-week"
        raise BadScheduleError(f"{text!r} has {len(parts)} fields; NCRONTAB has six: {form}")
    fields = zip(_FIELDS, parts, strict=True)
    schedule = Schedule(text, " ".join(_field(field, part) for field, part in fields))
    try:
        schedule.after(now)
    except CroniterBadDateError:
        raise BadScheduleError(f"{text!r} never comes: no such day and month exist") from None
    return schedule


def _field(field: _Field, text: str) -> str:
    return ",".join(_item(field, item) for item in text.split(","))


def _item(field: _Field, text: str) -> str:
    match = _ITEM.fullmatch(text)
    if not match or (match[1] == "*" and match[2]):
        raise BadScheduleError(_sentence(field, text))
    first, last, step = match.groups()
    if step is not None and int(step) == 0:
        raise BadScheduleError(f"the {field.name} field has {text!r}: a step of 0 never moves on")
    if first == "*":
        return text
    low = _value(field, first, text)
    high = _value(field, last, text) if last else (field.high if step else low)
    if high < low:
        raise BadScheduleError(f"the {field.name} field has {text!r}: the range runs backwards")
    numbers = f"{low}-{high}" if high > low else str(low)
    return f"{numbers}/{step}" if step and high > low else numbers


def _value(field: _Field, word: str, text: str) -> int:
    for number, name in enumerate(field.words, field.low):
        if word.lower() in (name.lower(), name[:3].lower()):
            return number
    if word.isdecimal() and field.low <= int(word) <= field.high:
        return int(word)
    raise BadScheduleError(_sentence(field, text))


def _sentence(field: _Field, text: str) -> str:
    names = f" or {field.words[0][:3]} to {field.words[-1][:3]}" if field.words else ""
    allowed = f"{field.low} to {field.high}{names}, *, ranges, lists and steps"
    return f"the {field.name} field has {text!r}; it takes {allowed}"
