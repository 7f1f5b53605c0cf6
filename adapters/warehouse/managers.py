"""Managers on file and the changes to them, merged in the order in which they were read.

Graph speaks of managers as it does of members: of changes only. So the column of managers begins
as it was, and each change is applied to it: who became someone's manager is, and who ceased to be
it is no more, unless somebody else has become it meanwhile.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from adapters.warehouse.cells import TEXT, without_unused
from adapters.warehouse.files import write
from adapters.warehouse.search import Ids, find, ids_of
from domain.ports.directory import ManagerChange

_NOBODY = -1


class ManagerChanges:
    """Changes in the order in which they were read, until they are merged."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._people: list[Ids] = []
        self._managers: list[NDArray[np.int32]] = []
        self._ended: list[NDArray[np.bool_]] = []

    def any(self) -> bool:
        """Tell whether anything changed."""
        return bool(self._people)

    def add(self, changes: Sequence[ManagerChange]) -> None:
        """Take in a page of changes."""
        if changes:
            self._people.append(ids_of(change.person for change in changes))
            self._managers.append(_array((self._code(change) for change in changes), np.int32))
            self._ended.append(_array((change.ended for change in changes), np.bool_))

    def merge(self, before: Ids, managers: Any, after: Ids) -> Any:
        """Return the column of managers after the changes.

        Args:
            before: the people on file.
            managers: their column as it is on file.
            after: the people there are now.
        """
        current = self._on_file(before, managers, after)
        if self._people:
            self._apply(current, after)
        names = pa.array(list(self._codes), pa.string())
        codes = pa.array(current, mask=current == _NOBODY)
        return without_unused(pa.DictionaryArray.from_arrays(codes, names))

    def _code(self, change: ManagerChange) -> int:
        return self._codes.setdefault(change.manager, len(self._codes))

    def _on_file(self, before: Ids, managers: Any, after: Ids) -> NDArray[np.int32]:
        """Return for each person there is now the manager she had, as a code."""
        current = np.full(len(after), _NOBODY, np.int32)
        if not pa.types.is_null(managers.type):
            column = managers.cast(TEXT)
            known = [self._codes.setdefault(m, len(self._codes)) for m in _names(column)]
            codes = np.array([*known, _NOBODY], np.int32)[
                np.asarray(column.indices.fill_null(len(known)))
            ]
            rows, found = find(after, before)
            current[rows[found]] = codes[found]
        return current

    def _apply(self, current: NDArray[np.int32], after: Ids) -> None:
        rows, found = find(after, np.concatenate(self._people))
        managers = np.concatenate(self._managers)
        ended = np.concatenate(self._ended)
        last = np.full(len(after), -1, np.int64)
        places = np.flatnonzero(found & ~ended)
        current[rows[places]] = managers[places]  # of several for one row the last one stays
        last[rows[places]] = places
        places = np.flatnonzero(found & ended)
        over = (current[rows[places]] == managers[places]) & (places > last[rows[places]])
        current[rows[places[over]]] = _NOBODY


def _names(column: Any) -> list[str]:
    return list(column.dictionary.to_pylist())


def _array(items: Iterable[Any], dtype: Any) -> NDArray[Any]:
    return np.array(list(items), dtype)


def write_managers(managers: Any) -> bytes:
    """Return the column of managers as a file."""
    return write(pa.table({"manager": managers.cast(TEXT)}))


def read_managers(body: bytes) -> Any:
    """Return the column of managers as it was written."""
    table = pq.read_table(pa.BufferReader(body), read_dictionary=["manager"], use_threads=False)
    return table.column(0).unify_dictionaries().combine_chunks()
