"""What a rule is asked about: everyone, or the items of a collection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, Self

import numpy as np

from domain.inventory.membership import Memberships
from domain.inventory.people import Column, Mask, People, Rows, ServicePlan, Value, no_rows
from domain.inventory.texts import Texts
from domain.rule.cells import Cells, Test


class Scope(Protocol):
    """Anything whose values a comparison can test."""

    def ask(self, name: str, test: Test) -> Mask:
        """Return which of all in this scope have a value, by that name, that passes."""
        ...

    def turned(self) -> Self:
        """Return the scope in which what is unknown is taken the other way."""
        ...


_LARGE = 4
"""So many attributes with a value of its own for everyone are kept: for a million people about
80 MB each."""


@dataclass(frozen=True, slots=True)
class View:
    """People, who is in which group, and the moment that `system.now` means.

    A view keeps what it worked out about an attribute, so one view for many rules is cheaper than
    one for each. Of the attributes with a value of its own for everyone, which are large, it keeps
    a few at a time.
    """

    people: People
    memberships: Memberships
    now: datetime
    hopeful: bool = False
    """Whether a value that nobody knows passes every test; else it passes none."""
    _asked: dict[str, tuple[Cells, Rows]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def ask(self, name: str, test: Test) -> Mask:
        """Return which people have a value that passes; each distinct value is asked once.

        Raises:
            Held: the attribute was not inventoried.
        """
        if name not in self._asked:
            self._keep(name, self.people.column(name))
        cells, codes = self._asked[name]
        passed = test(cells, self.now)[codes]
        unknown = self.people.unknown.get(name)
        if unknown is None:
            return passed
        return passed | unknown if self.hopeful else passed & ~unknown

    def turned(self) -> "View":
        """Return the view in which what is unknown is taken the other way.

        A rule is met by somebody for sure, or may be, where it is so in the one view or the other.
        """
        if not self.people.unknown:
            return self
        return replace(self, hopeful=not self.hopeful)

    def _keep(self, name: str, column: Column) -> None:
        if isinstance(column.values, Texts):
            large = [
                at for at, (cells, _) in self._asked.items() if isinstance(cells.values, Texts)
            ]
            for oldest in large[: 1 - _LARGE]:
                del self._asked[oldest]
        self._asked[name] = Cells(column.values), column.codes

    def only(self, row: int, names: Sequence[str], groups: Sequence[str]) -> "View":
        """Return a view of one person with these attributes and groups.

        Raises:
            Held: one of them was not inventoried.
        """
        columns = {name: Column((self.people.column(name)[row],), _FIRST) for name in names}
        members: Mapping[str, Rows] = {
            group: _FIRST if row in self.memberships.direct(group) else no_rows()
            for group in groups
        }
        unknown = {name: mask[row : row + 1] for name, mask in self.people.unknown.items()}
        person = People(self.people.ids[row : row + 1], columns, {}, unknown)
        return View(person, Memberships(members, {}), self.now, self.hopeful)


_FIRST: Rows = np.zeros(1, np.int32)

ITEM = "_"
"""The name of an item that is a text, and has no fields."""

PLAN_FIELDS = {"capabilityStatus": "status", "service": "service", "servicePlanId": "id"}
"""What a rule can name of an assigned plan -> where `ServicePlan` keeps it."""

type Item = str | ServicePlan


class Items:
    """The items of many collections, as one long row."""

    def __init__(self, items: Sequence[Item], now: datetime) -> None:
        self._items = items
        self._now = now
        self._cells: dict[str, Cells] = {}

    def ask(self, name: str, test: Test) -> Mask:
        """Return which items, or which of their fields by that name, pass."""
        if name not in self._cells:
            self._cells[name] = Cells(self._field(name))
        return test(self._cells[name], self._now)

    def turned(self) -> "Items":
        """Return the same: nothing of an item is unknown."""
        return self

    def _field(self, name: str) -> Sequence[Value]:
        if name == ITEM:
            return [item for item in self._items if isinstance(item, str)]
        # An absent field is kept as an empty text; a rule takes it for missing.
        return [getattr(item, PLAN_FIELDS[name]) or None for item in self._items]
