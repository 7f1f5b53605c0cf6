"""People in the order in which they were read, in parts of some thousands of rows.

A part is a Parquet file that never changes. A person whose row is in a later part has none in an
earlier one any more, and a row may say that she is gone. So a small change is a small part, however
many people there are, and what a run has read so far can be kept before it has read everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from adapters.arrow_cells import ArrowCells
from adapters.warehouse.cells import joined, on_file, type_of
from adapters.warehouse.files import write
from adapters.warehouse.search import ID, Found, Ids, ids_of
from domain.attributes import MANAGER, SOURCES
from domain.ports import PeoplePage

ROWS = 25_000
"""Rows of a part; a tenth of that is a small one."""

_ID, _GONE, _PRODUCTS = "@id", "@gone", "@products"
_OURS = (_ID, _GONE, _PRODUCTS)
_NEXT = "\x1e"
"""Stands between products."""


class Part:
    """A part on file; a column is read when somebody asks for it."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self._metadata = pq.read_metadata(pa.BufferReader(body))
        schema = self._metadata.schema
        self._places = {schema.column(n).name: n for n in range(len(schema))}
        self.rows: int = self._metadata.num_rows

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes that these people have."""
        return tuple(name for name in self._places if name not in _OURS)

    def ids(self) -> Ids:
        """Return the id of each row."""
        column = self._read([_ID]).column(0).combine_chunks()
        if not len(column):
            return ids_of([])
        return np.frombuffer(column.buffers()[1], ID, len(column), column.offset * ID.itemsize)

    def gone(self) -> Found:
        """Return which rows say that a person is gone."""
        return np.asarray(self._read([_GONE]).column(0), np.bool_)

    def products(self) -> Any:
        """Return what each row's person holds: a text, of which there are few different ones."""
        return self.cells(_PRODUCTS, coded=True)

    def cells(self, name: str, *, coded: bool) -> Any:
        """Return one column, as texts or as numbers of distinct texts."""
        coded = coded and type_of(name) == pa.string()
        return self._read([name], coded).column(0).unify_dictionaries().combine_chunks()

    def size(self, name: str) -> int:
        """Return the bytes a column takes before it is compressed."""
        if not self.rows:
            return 0
        column = self._metadata.row_group(0).column(self._places[name])
        return int(column.total_uncompressed_size)

    def table(self) -> Any:
        """Return everything."""
        return self._read(None)

    def _read(self, names: Sequence[str] | None, coded: bool = False) -> Any:
        file = pq.ParquetFile(
            pa.BufferReader(self.body),
            metadata=self._metadata,
            read_dictionary=names if coded else None,
        )
        return file.read(columns=names, use_threads=False)


class PeopleLog:
    """Pages taken in until there are enough of them for a part."""

    def __init__(self, also: Iterable[str] = ()) -> None:
        self._names = (*SOURCES, *sorted(set(also) - {MANAGER}))
        self._batches: list[Any] = []
        self._rows = 0

    def add(self, page: PeoplePage) -> None:
        """Take in a page; within one page a person who is gone is gone."""
        count, gone = len(page.ids), len(page.gone)
        columns = {_ID: _fixed(ids_of((*page.ids, *page.gone)))}
        columns[_GONE] = pa.array([False] * count + [True] * gone, pa.bool_())
        columns[_PRODUCTS] = _more(_holdings(page.products), gone)
        for name in self._names:
            columns[name] = _more(on_file(name, page.cells.get(name), count), gone)
        self._batches.append(pa.RecordBatch.from_pydict(columns))
        self._rows += count + gone

    def full(self) -> bool:
        """Tell whether it is time for a part."""
        return self._rows >= ROWS

    def empty(self) -> bool:
        """Tell whether there is nothing to make a part of."""
        return not self._rows

    def table(self) -> Any:
        """Return what was taken in as the table of a part, and begin anew."""
        batches = self._batches or [_nothing(self._names)]
        self._batches, self._rows = [], 0
        return pa.Table.from_batches(batches)


def table_of(
    ids: Ids, gone: Sequence[bool], products: Sequence[str | None], columns: Mapping[str, Any]
) -> Any:
    """Return the table of a part."""
    ours = {
        _ID: _fixed(ids),
        _GONE: pa.array(gone, pa.bool_()),
        _PRODUCTS: pa.array(products, pa.string()),
    }
    return pa.table(ours | dict(columns))


def write_part(table: Any) -> Part:
    """Return a table with the columns of a part as one."""
    return Part(write(table, use_dictionary=True, store_schema=False))


def held(products: str) -> list[str]:
    """Return the products in a text of them."""
    return products.split(_NEXT)


def holding(products: Sequence[str]) -> str | None:
    """Return products as one text."""
    return _NEXT.join(products) or None


def _holdings(products: Sequence[Any]) -> Any:
    if isinstance(products, ArrowCells):
        return joined(products.array, _NEXT)
    return pa.array(map(holding, products), pa.string())


def _more(array: Any, rows: int) -> Any:
    """Return an array with so many empty cells behind it."""
    return pa.concat_arrays([array, pa.nulls(rows, array.type)]) if rows else array


def _nothing(names: Iterable[str]) -> Any:
    columns = {_ID: _fixed(ids_of([])), _GONE: pa.nulls(0, pa.bool_())}
    columns[_PRODUCTS] = pa.nulls(0, pa.string())
    return pa.RecordBatch.from_pydict(columns | {n: pa.nulls(0, type_of(n)) for n in names})


def _fixed(ids: Ids) -> Any:
    return pa.Array.from_buffers(pa.binary(ID.itemsize), len(ids), [None, pa.py_buffer(ids)])


def write_index(ids: Ids, order: Any) -> bytes:
    """Return the file that says in which order of ids the rows of the parts stand."""
    ids = np.ascontiguousarray(ids, ID)
    return write(pa.table({_ID: _fixed(ids), "place": order}), use_dictionary=False)


def read_index(body: bytes) -> tuple[Ids, Any]:
    """Return the sorted ids and the place of each among the rows of the parts."""
    table = pq.read_table(pa.BufferReader(body), use_threads=False)
    ids = table.column(0).combine_chunks()
    places = np.asarray(table.column("place"), np.int32)
    if not len(ids):
        return ids_of([]), places
    return np.frombuffer(ids.buffers()[1], ID, len(ids), ids.offset * ID.itemsize), places
