"""Some of the people at a time, whichever are cheap to read together.

Who goes through everyone once, as an export does, needs them in no order, and must not lay out a
column of a million people for each portion of it.
"""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import numpy as np

from domain.inventory.people import Column, People, Rows


@runtime_checkable
class Apart(Protocol):
    """Columns that lie in parts, so that some rows can be had without all the others."""

    def lying(self, start: int, stop: int) -> Rows:
        """Return which rows lie from one place to another, without the last; ascending.

        Each row has one place, the same for as long as the snapshot is the same.
        """
        ...

    def only(self, rows: Rows) -> Mapping[str, Column]:
        """Return the columns of these rows alone."""
        ...


def portion(people: People, start: int, stop: int) -> People:
    """Return the people from one place to another; all portions together are everyone, once."""
    if isinstance(people.columns, Apart):
        rows = people.columns.lying(start, stop)
        columns = people.columns.only(rows)
    else:
        rows = np.arange(start, min(stop, len(people)), dtype=np.int32)
        columns = {
            name: Column(column.values, column.codes[start:stop])
            for name, column in people.columns.items()
        }
    holding = {sku: _places(rows, held) for sku, held in people.holding.items()}
    return People(people.ids[rows], columns, holding)


def _places(rows: Rows, held: Rows) -> Rows:
    """Return at which places among some rows those stand that are held; both ascend."""
    if not len(held):
        return held
    found = held[np.minimum(np.searchsorted(held, rows), len(held) - 1)] == rows
    return np.flatnonzero(found).astype(np.int32)
