"""Every further kind has a source under its name."""

import importlib
import inspect

import pytest

from adapters.sources.reach import day, moment
from domain.kinds import FURTHER, Kind


@pytest.mark.parametrize("kind", FURTHER, ids=[kind.name for kind in FURTHER])
def test_each_kind_is_read_by_the_module_of_its_name(kind: Kind) -> None:
    module = importlib.import_module(f"adapters.sources.{kind.name}")
    assert list(inspect.signature(module.pages).parameters) == ["reach", "link"]


def test_moments_and_days_that_cannot_be_read_are_none() -> None:
    assert str(moment("2026-10-30T08:00:00.1234567Z")) == "2026-10-30 08:00:00+00:00"
    assert str(moment("2026-10-30T10:00:00+02:00")) == "2026-10-30 08:00:00+00:00"
    assert str(moment("2026-10-30T08:00:00")) == "2026-10-30 08:00:00+00:00"
    assert (moment(None), moment("soon"), moment("")) == (None, None, None)
    assert str(day("2026-10-30")) == "2026-10-30"
    assert (day(""), day("30.10.")) == (None, None)
