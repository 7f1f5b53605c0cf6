"""Retry-After in every form Graph sends it."""

import pytest

from adapters.graph.reply import Reply
from adapters.graph.waits import retry_after, wait_of

DATE = "Sat, 21 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("2.128", 2.128),
        ("0", 0.0),
        ("Sat, 21 Nov 2026 10:01:30 GMT", 90.0),
        ("Sat, 21 Nov 2026 12:01:30 +0200", 90.0),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0.0),
        ("1e9", 86_400.0),
        ("Sat, 21 Nov 2099 10:00:00 GMT", 86_400.0),
    ],
)
def test_a_wait_is_read(text: str, seconds: float) -> None:
    assert retry_after({"retry-after": text, "date": DATE}) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "nan", "inf", "1,5", "Sat, 99 Nov"])
def test_what_is_no_wait_is_none(text: str) -> None:
    assert retry_after({"retry-after": text, "date": DATE}) is None


def test_a_date_without_one_to_compare_it_with_is_none() -> None:
    assert retry_after({"retry-after": DATE}) is None
    assert retry_after({"retry-after": DATE, "date": "yesterday"}) is None


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"retry-after": "3"}, 3),
        (429, {}, 150),
        (429, {"x-ms-throttle-information": "WriteLimitExceeded"}, 150),
        (429, {"x-ms-throttle-information": "ResourceUnitLimitExceeded"}, 10),
        (503, {}, 10),
        (503, {"retry-after": "0.5"}, 0.5),
    ],
)
def test_without_a_usable_wait_the_limits_window_is_waited_out(
    status: int, headers: dict[str, str], seconds: float
) -> None:
    assert wait_of(Reply(status, headers)) == seconds
