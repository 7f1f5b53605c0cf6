"""A sheet: documented columns with their cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.kinds.kind import Cell, Column, Row

PIECE = 5_000
"""Rows that stand in memory as objects of Python at the same time."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some rows of a kind, column by column."""

    columns: tuple[Column, ...]
    cells: Sequence[Sequence[Cell]]
    """For each column its cells, all equally many."""

    def __len__(self) -> int:
        return len(self.cells[0])


def sheet_of_rows(columns: tuple[Column, ...], rows: Sequence[Row]) -> Sheet:
    """Return rows as a sheet."""
    return Sheet(columns, [[row[at] for row in rows] for at in range(len(columns))])


def pieces(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield where each piece of a range of rows begins and ends; of an empty one there is one."""
    for first in range(start, max(stop, start + 1), PIECE):
        yield first, min(stop, first + PIECE)
