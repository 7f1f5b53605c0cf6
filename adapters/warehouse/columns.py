"""The attributes of people, gathered from the parts a column at a time.

A policy asks for a handful of the attributes, and the ones with a value of their own for everyone
(names, addresses) would fill the memory as Python strings. So the parts stay as they are on file,
compressed, and a column is laid out when somebody asks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from adapters.warehouse.cells import gather, lay_out_texts, layout, without_unused
from adapters.warehouse.parts import Part
from domain.attributes import MANAGER, Kind, kind_of
from domain.inventory.people import Column, Rows

type Order = NDArray[np.int32]

_COMMON = 50_000
"""A column with no more distinct values is kept once it was laid out."""

_EACH = 10
"""Bytes a row's text takes at least where nearly everyone has one of her own; small numbers that
name the same few texts again and again take less."""


class Columns(Mapping[str, Column]):
    """Every attribute that was read, of every person, by rule name."""

    def __init__(self, parts: Sequence[Part], order: Order, managers: Any = None) -> None:
        self._parts = parts
        self._order = order
        self._managers = managers
        self.names = (*parts[0].names, *((MANAGER,) if managers is not None else ()))
        self._kept: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self.names:
            raise KeyError(name)
        if name not in self._kept:
            column = self._laid_out(name)
            if len(column.values) > _COMMON:
                return column
            self._kept[name] = column
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def lying(self, start: int, stop: int) -> Rows:
        """Return which rows lie from one place on file to another, without the last; ascending."""
        by_place = np.argsort(self._order, kind="stable")
        return np.sort(by_place[start:stop]).astype(np.int32)

    def only(self, rows: Rows) -> "Columns":
        """Return the columns of some rows, and look at no part that has none of them."""
        places = self._order[rows]
        ends = np.cumsum([part.rows for part in self._parts])
        of = np.searchsorted(ends, places, side="right")
        used = np.unique(of).tolist() or [0]
        parts = [self._parts[at] for at in used]
        starts = np.zeros(len(ends), np.int64)
        starts[used] = ends[used] - np.cumsum([part.rows for part in parts])
        managers = self._managers
        if managers is not None:
            managers = without_unused(managers.take(pa.array(rows)))
        return Columns(parts, (places - starts[of]).astype(np.int32), managers)

    def managers(self) -> Any:
        """Return the column of managers as it is on file, None where there is none."""
        return self._managers

    def _laid_out(self, name: str) -> Column:
        if name == MANAGER:
            return layout(name, self._managers)
        if self._own(name):
            texts = lay_out_texts(self._gathered(name, coded=False))
            if texts is not None:
                return texts
        return layout(name, self._gathered(name, coded=True))

    def _own(self, name: str) -> bool:
        """Tell whether nearly everyone has a text of her own."""
        rows = sum(part.rows for part in self._parts)
        size = sum(part.size(name) for part in self._parts)
        return kind_of(name) is Kind.TEXT and rows > 0 and size > _EACH * rows

    def _gathered(self, name: str, *, coded: bool) -> Any:
        chunks = [part.cells(name, coded=coded) for part in self._parts]
        return gather(chunks, self._order)
