"""Cells of one attribute as arrow holds them: read from Graph and written on file as they are."""

from collections.abc import Iterator, Sequence
from typing import Any, overload

from domain.inventory.people import Value


class ArrowCells(Sequence[Value]):
    """A column of a page; a cell is made an object of Python when somebody asks for it."""

    def __init__(self, array: Any) -> None:
        self.array = array

    @overload
    def __getitem__(self, place: int) -> Value: ...
    @overload
    def __getitem__(self, place: slice) -> "ArrowCells": ...
    def __getitem__(self, place: int | slice) -> "Value | ArrowCells":
        if isinstance(place, slice):
            return ArrowCells(self.array[place])
        return self._cell(self.array[place].as_py())

    def __len__(self) -> int:
        return len(self.array)

    def __iter__(self) -> Iterator[Value]:
        return map(self._cell, self.array.to_pylist())

    def _cell(self, value: Any) -> Value:
        """Return a value as the domain has it: a collection is a tuple, and never missing."""
        collection = self.array.type.num_fields > 0
        return tuple(value or ()) if collection else value
