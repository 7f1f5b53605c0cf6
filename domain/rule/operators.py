"""What each operator on texts means.

Text is compared without regard to letter case (Entra docs: groups-dynamic-membership, "string and
regex operations aren't case sensitive"). A missing value meets no positive operator and every
negative one, as in Entra's sister language for devices.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from domain.inventory.people import Mask
from domain.inventory.texts import Texts
from domain.rule.cells import Cells, Test
from domain.rule.patterns import Pattern


class Takes(StrEnum):
    """What an operator compares with."""

    TEXT = "text"
    LIST = "list"
    PATTERN = "pattern"


def is_missing(cells: Cells, _now: datetime) -> Mask:
    """-eq null: there is no value."""
    return cells.missing


def is_empty(cells: Cells, _now: datetime) -> Mask:
    """-eq null on a collection: it has no item."""
    return np.array([not value for value in cells.values], np.bool_)


def is_flag(flag: bool) -> Test:
    """-eq true, -eq false; a missing value is neither."""
    return lambda cells, _now: np.array([value is flag for value in cells.values], np.bool_)


def equals(text: str) -> Test:
    """-eq: the whole text."""
    return lambda cells, _now: cells.find(text, begins=True, ends=True)


def starts_with(text: str) -> Test:
    """-startsWith: the beginning of the text."""
    return lambda cells, _now: cells.find(text, begins=True)


def ends_with(text: str) -> Test:
    """-endsWith: the end of the text."""
    return lambda cells, _now: cells.find(text, ends=True)


def contains(text: str) -> Test:
    """-contains: a part of the text."""
    return lambda cells, _now: cells.find(text)


def is_in(texts: Iterable[str]) -> Test:
    """-in: equals one of a list."""
    folded = frozenset(text.casefold() for text in texts)
    return lambda cells, _now: _present(cells, [each in folded for each in cells.folded])


def matches(pattern: Pattern) -> Test:
    """-match: a regular expression finds something in the text."""

    def test(cells: Cells, _now: datetime) -> Mask:
        if isinstance(cells.values, Texts):
            return _present(cells, pattern.finds_in_all(cells.values))
        return _present(cells, pattern.finds_in(cells.texts))

    return test


def opposite(test: Test) -> Test:
    """Return the test that exactly those cells pass that fail this one, missing values too."""
    return lambda cells, now: ~test(cells, now)


def _present(cells: Cells, answers: Sequence[bool] | Mask) -> Mask:
    return np.array(answers, np.bool_) & ~cells.missing


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator on texts; a negative one is the exact opposite of its positive."""

    takes: Takes
    test: Callable[..., Test]
    negative: bool = False


EQUALITY = {"eq": False, "ne": True}
"""The operators every kind of attribute has; True marks the negative one."""

_POSITIVE: dict[str, tuple[Takes, Callable[..., Test]]] = {
    "startsWith": (Takes.TEXT, starts_with),
    "endsWith": (Takes.TEXT, ends_with),
    "contains": (Takes.TEXT, contains),
    "match": (Takes.PATTERN, matches),
    "in": (Takes.LIST, is_in),
}

OPERATORS: dict[str, Operator] = (
    {name: Operator(Takes.TEXT, equals, negative) for name, negative in EQUALITY.items()}
    | {name.lower(): Operator(*each) for name, each in _POSITIVE.items()}
    | {f"not{name.lower()}": Operator(*each, negative=True) for name, each in _POSITIVE.items()}
)
"""Operators on texts by lower-case name, without the optional hyphen."""
