"""Retention: thinned with age, and never so that something is gone that a later look would keep."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Never
from domain.inventory.retention import DEFAULT, read_retention

NOW = datetime(2026, 11, 30, 12, 10, tzinfo=UTC)


def every(minutes: int, days: int, until: datetime = NOW) -> dict[str, datetime]:
    count = days * 24 * 60 // minutes
    moments = (until - timedelta(minutes=minutes * n) for n in range(count))
    return {f"{at:%Y%m%dT%H%M%S}": at for at in moments}


def test_snapshots_are_thinned_with_age() -> None:
    kept = sorted(read_retention(DEFAULT).keeps(every(5, 400), NOW), reverse=True)
    assert kept[:25] == sorted(every(5, 1), reverse=True)[:25]
    assert "20261130T095500" in kept  # the last of its hour
    assert "20261130T095000" not in kept
    assert "20261120T235500" in kept  # the last of its day
    assert "20261120T225500" not in kept
    assert "20260430T235500" in kept  # the last of its month
    assert "20260429T235500" not in kept
    assert "20251031T235500" not in kept  # more than a year ago
    assert len(kept) < 130


def test_the_newest_stays_however_old_it_is() -> None:
    assert read_retention("all:1h").keeps(every(5, 1, NOW - timedelta(days=99)), NOW) == {
        f"{NOW - timedelta(days=99):%Y%m%dT%H%M%S}"
    }
    assert read_retention("all:1h").keeps({}, NOW) == frozenset()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["all", "hourly", "daily", "weekly", "monthly", "yearly"]),
        st.integers(0, 90 * 24),
    ),
    min_size=1,
    max_size=4,
).map(lambda steps: " ".join(f"{period}:{hours}h" for period, hours in steps))


@given(STEPS, st.lists(st.integers(1, 60 * 24 * 20), min_size=1, max_size=30))
def test_thinning_on_the_way_keeps_whatever_thinning_in_the_end_would(
    text: str, gaps: list[int]
) -> None:
    retention = read_retention(text)
    all_there_were: dict[str, datetime] = {}
    left: dict[str, datetime] = {}
    now = NOW
    for number, gap in enumerate(gaps):
        now += timedelta(minutes=gap)
        all_there_were[str(number)] = left[str(number)] = now
        left = {id: left[id] for id in retention.keeps(left, now)}
    assert left.keys() == retention.keeps(all_there_were, now)


@pytest.mark.parametrize("text", ["", "all", "all:2", "fortnightly:2d", "all:-1d", "daily:30 d"])
def test_a_text_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Never, match="Expected steps such as all:2h"):
        read_retention(text)
