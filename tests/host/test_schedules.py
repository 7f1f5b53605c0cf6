"""NCRONTAB: what Azure accepts is read as Azure reads it, what it refuses names its field."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from local.host.ncrontab import BadScheduleError, read_schedule

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def next_runs(schedule: str, count: int) -> list[str]:
    read, moment, found = read_schedule(schedule, NEW_YEAR), NEW_YEAR, []
    for _ in range(count):
        moment = read.after(moment)
        found.append(moment.strftime("%Y-%m-%d %H:%M:%S"))
    return found


@pytest.mark.parametrize(
    ("schedule", "runs"),
    [
        ("0 */5 * * * *", ["2026-01-01 00:05:00", "2026-01-01 00:10:00"]),
        ("*/20 * * * * *", ["2026-01-01 00:00:20", "2026-01-01 00:00:40"]),
        (
            "0 30 9 * * Mon-Fri",
            ["2026-01-01 09:30:00", "2026-01-02 09:30:00", "2026-01-05 09:30:00"],
        ),
        ("0 0 12 * jan,JULY 0", ["2026-01-04 12:00:00", "2026-01-11 12:00:00"]),
        ("0 10/20 6 * * *", ["2026-01-01 06:10:00", "2026-01-01 06:30:00", "2026-01-01 06:50:00"]),
        ("30 6 * * *", ["2026-01-01 06:30:00", "2026-01-02 06:30:00"]),
        ("0 0 0 29 2 *", ["2028-02-29 00:00:00"]),
    ],
)
def test_a_schedule_comes_when_azure_would_run_it(schedule: str, runs: list[str]) -> None:
    assert next_runs(schedule, len(runs)) == runs


def test_day_of_month_and_day_of_week_have_to_match_both() -> None:
    assert next_runs("0 0 0 13 * 5", 3) == [
        "2026-02-13 00:00:00",
        "2026-03-13 00:00:00",
        "2026-11-13 00:00:00",
    ]


def test_runs_follow_each_other_without_a_gap_over_a_change_to_summer_time() -> None:
    read, moment = read_schedule("0 0 * * * *", NEW_YEAR), datetime(2026, 3, 29, tzinfo=UTC)
    hours = [moment := read.after(moment) for _ in range(6)]

    assert {(later - earlier).total_seconds() for earlier, later in pairwise(hours)} == {3600}


@pytest.mark.parametrize(
    ("schedule", "field"),
    [
        ("60 * * * * *", "second"),
        ("0 -1 * * * *", "minute"),
        ("0 0 24 * * *", "hour"),
        ("0 0 0 L * *", "day"),
        ("0 0 0 * 13 *", "month"),
        ("0 0 0 * * 7", "day of week"),
        ("0 0 0 * * 1#2", "day of week"),
        ("0 0 0 ? * *", "day"),
        ("0 0 20-8 * * *", "hour"),
        ("0 */0 * * * *", "minute"),
        ("0 ,5 * * * *", "minute"),
    ],
)
def test_a_bad_schedule_is_refused_with_the_name_of_its_field(schedule: str, field: str) -> None:
    with pytest.raises(BadScheduleError, match=f"the {field} field"):
        read_schedule(schedule, NEW_YEAR)


@pytest.mark.parametrize("schedule", ["", "* * *", "@hourly", "00:05:00", "0 0 0 0 0 0 0"])
def test_a_schedule_without_six_fields_is_refused(schedule: str) -> None:
    with pytest.raises(BadScheduleError, match="NCRONTAB has six"):
        read_schedule(schedule, NEW_YEAR)


def test_a_schedule_that_never_comes_is_refused() -> None:
    with pytest.raises(BadScheduleError, match="never comes"):
        read_schedule("0 0 0 30 2 *", NEW_YEAR)
