"""Texts kept as one answer as texts kept apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.inventory.membership import Memberships
from domain.inventory.people import Column, People
from domain.inventory.texts import DIVIDER, Texts
from domain.rule import View, parse_rule
from domain.rule.cells import Cells
from domain.rule.operators import matches
from domain.rule.patterns import compile_pattern
from tests.unit.worlds import NOW

GROUPS = Memberships({}, {})

CELLS = st.lists(
    st.none() | st.text(st.sampled_from("aAb\u00df\u017fS\u0130.\n \u00e9"), max_size=6), max_size=8
)
PARTS = st.text(st.sampled_from("aAb\u00df\u017fS\u0130.\n \u00e9"), min_size=1, max_size=3)
PIECES = "a b . (a|b) a? b* ^ $ [ab] \\w+ \\s"


def texts(cells: list[str | None]) -> Texts:
    return Texts(
        DIVIDER.join(cell or "" for cell in cells), np.array([c is None for c in cells], bool)
    )


@given(CELLS)
def test_texts_come_back_as_they_were(cells: list[str | None]) -> None:
    found = texts(cells)
    assert list(found) == cells
    assert [found[at] for at in range(len(cells))] == cells
    for start in range(-1, len(cells) + 1):
        for stop in range(-1, len(cells) + 2):
            assert found[start:stop] == cells[start:stop]
    assert found[::-2] == cells[::-2]


@settings(deadline=None)
@given(
    CELLS, PARTS, st.sampled_from(["eq", "ne", "startsWith", "notEndsWith", "endsWith", "contains"])
)
def test_a_rule_says_the_same_of_texts_kept_as_one(
    cells: list[str | None], part: str, operator: str
) -> None:
    rule = parse_rule(f'user.city -{operator} "{part}"')
    ids = np.array([f"{n:036d}" for n in range(len(cells))], "S36")
    apart = People(ids, {"city": Column.of(cells)}, {})
    rows = np.arange(len(cells), dtype=np.int32)
    as_one = People(ids, {"city": Column(texts(cells), rows)}, {})
    assert rule.of(View(apart, GROUPS, NOW)).tolist() == rule.of(View(as_one, GROUPS, NOW)).tolist()


@settings(deadline=None)
@given(
    st.lists(st.none() | st.text(st.sampled_from("aAb. "), max_size=6), max_size=8),
    st.lists(st.sampled_from(PIECES.split()), max_size=4),
)
def test_a_pattern_finds_the_same_in_texts_kept_as_one(
    cells: list[str | None], pieces: list[str]
) -> None:
    pattern = compile_pattern("".join(pieces))
    apart = Cells(cells)
    found = matches(pattern)(Cells(texts(cells)), NOW)
    assert found.tolist() == matches(pattern)(apart, NOW).tolist()


def test_a_part_with_the_divider_in_it_is_in_no_text() -> None:
    assert not texts(["a", "b"]).find(f"a{DIVIDER}b", begins=False, ends=False).any()


def test_texts_with_the_divider_in_one_of_them_are_refused() -> None:
    with pytest.raises(ValueError, match="divider"):
        Texts(f"a{DIVIDER}b", np.zeros(1, bool))
