"""Instants and durations are read as ISO 8601 writes them."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.rule.dates import duration, instant


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P1Y", timedelta(days=365)),
        ("p1m", timedelta(days=30)),
        ("P1W", timedelta(days=7)),
        ("P1D", timedelta(days=1)),
        ("PT1H", timedelta(hours=1)),
        ("pt1m", timedelta(minutes=1)),
        ("PT1.5S", timedelta(seconds=1.5)),
        ("P7DT3H", timedelta(days=7, hours=3)),
        ("P1Y2M3W4DT5H6M7S", timedelta(days=365 + 60 + 21 + 4, hours=5, minutes=6, seconds=7)),
        ("P0D", timedelta()),
        ("P36525D", timedelta(days=36_525)),
    ],
)
def test_a_duration_is_read(text: str, length: timedelta) -> None:
    assert duration(text) == length


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "1D", "P1H", "PT1D", "-P1D", "P1.5D", "P1D1D", "P1DT1H ", "P36526D",
     "P36525DT1S", "P" + "9" * 400 + "D", "P1X"],
)  # fmt: skip
def test_what_is_no_duration_or_longer_than_a_century_is_none(text: str) -> None:
    assert duration(text) is None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22T09:30", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
        ("2026-11-22T09:30:15", datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC)),
        ("2026-11-22t09:30:15z", datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC)),
        ("2026-11-22T09:30:15.1234567Z", datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)),
        ("2026-11-22T09:30:15+02:00", datetime(2026, 11, 22, 7, 30, 15, tzinfo=UTC)),
        ("2026-11-22T09:30-0130", datetime(2026, 11, 22, 11, 0, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read(text: str, when: datetime) -> None:
    assert instant(text) == when


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-11", "20261122", "2026-13-01", "2026-02-29", "2026-11-22 09:30", "09:30",
     "2026-11-22T25:00Z", "2026-11-22T09:30 ", "2026-11-22T09", "2026-11-22Z", "now"],
)  # fmt: skip
def test_what_is_no_instant_is_none(text: str) -> None:
    assert instant(text) is None
