"""The page about limits and cost says what the arithmetic comes to, and the code's own limits."""

import json
from pathlib import Path

import pytest

from adapters.settings import Settings
from domain.bundle_text.nodes import MAX_CHARACTERS
from domain.jobs import INVENTORY_TIME
from domain.policy import MAX_LISTED
from functions.admin.asked import MAX_BODY
from infra.cost.page import TENANTS, page
from infra.cost.prices import Price
from infra.cost.quantities import month_of, runs_a_day

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/limits-and-cost.md").read_text()


def test_the_tables_are_those_of_the_page() -> None:
    assert page() == PAGE, "run: .venv/bin/python -m infra.cost"


@pytest.mark.parametrize(
    ("schedule", "runs"),
    [
        ("0 */5 * * * *", 288),
        ("*/30 * * * * *", 2880),
        ("15 * * * * *", 1440),
        ("0 0 */6 * * *", 4),
    ],
)
def test_a_schedule_is_counted(schedule: str, runs: int) -> None:
    assert runs_a_day(schedule) == runs


def test_a_price_counts_what_is_free_and_what_is_always_paid() -> None:
    price = Price(2.0, 10, "ten", "", free=100, base=5.0)
    assert (price.of(100), price.of(130)) == (5.0, 11.0)


def test_more_people_never_cost_less() -> None:
    small, middle, large = map(month_of, TENANTS)
    assert small.gb_seconds < middle.gb_seconds < large.gb_seconds
    assert small.requests < middle.requests < large.requests


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    host = json.loads((ROOT / "host.json").read_text())
    fields = Settings.model_fields
    for words in (
        f"{fields['write_quota'].default:,} writes in {fields['write_window'].default:g} s",
        f"{int(host['functionTimeout'].split(':')[1])} minutes a function",
        f"after {INVENTORY_TIME.seconds // 60} minutes",
        f"{MAX_LISTED} entries in a list",
        f"{MAX_CHARACTERS:,} characters in a file",
        f"{MAX_BODY // 1_000_000} MB",
    ):
        assert words in PAGE, words
