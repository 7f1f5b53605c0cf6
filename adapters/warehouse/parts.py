"""People in the order in which they were read, in parts of some thousands of rows.

A part is a Parquet file that never changes. A person whose row is in a later part has none in an
earlier one any more, and a row may say that she is gone. So a small change is a small part, however
many people there are, and what a run has read so far can be kept before it has read everything.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
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

type _CellsOf = Callable[[PeoplePage], Sequence[Any] | None]
type _OnFile = Callable[[Sequence[Any] | None, int], Any]
"""From cells, and how many there are, to what they are on file."""


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
        self._pages: list[PeoplePage] = []
        self._rows = 0

    def add(self, page: PeoplePage) -> None:
        """Take in a page; within one page a person who is gone is gone."""
        self._pages.append(page)
        self._rows += len(page.ids) + len(page.gone)

    def full(self) -> bool:
        """Tell whether it is time for a part."""
        return self._rows >= ROWS

    def empty(self) -> bool:
        """Tell whether there is nothing to make a part of."""
        return not self._rows

    def part(self) -> Part:
        """Return what was taken in as a part; it takes long enough for a thread."""
        pages = self._pages
        signs = [[False] * len(page.ids) + [True] * len(page.gone) for page in pages]
        columns = {
            _ID: _fixed(ids_of(chain.from_iterable((*page.ids, *page.gone) for page in pages))),
            _GONE: pa.array(chain.from_iterable(signs), pa.bool_()),
            _PRODUCTS: _column(pages, lambda page: page.products, _holdings),
        }
        for name in self._names:
            columns[name] = _column(pages, *_attribute(name))
        return write_part(pa.table(columns))


def _attribute(name: str) -> tuple[_CellsOf, _OnFile]:
    return lambda page: page.cells.get(name), lambda cells, rows: on_file(name, cells, rows)


def _column(pages: Sequence[PeoplePage], cells_of: _CellsOf, filed: _OnFile) -> Any:
    """Return one column of these pages as it is on file; who is gone has an empty cell.

    Where all of it is arrow's, and of one type, it is put together first and filed at once.
    """
    cells = [(cells_of(page), len(page.ids), len(page.gone)) for page in pages]
    arrays = [each.array for each, _, _ in cells if isinstance(each, ArrowCells)]
    if arrays and len(arrays) == len(cells) and all(a.type == arrays[0].type for a in arrays):
        gone = [pa.nulls(gone, arrays[0].type) for _, _, gone in cells]
        whole = pa.concat_arrays(chain.from_iterable(zip(arrays, gone, strict=True)))
        return filed(ArrowCells(whole), len(whole))
    found = [(filed(each, rows), gone) for each, rows, gone in cells]
    nothing = filed((), 0)
    pieces = ((array, pa.nulls(gone, array.type)) for array, gone in found)
    return pa.concat_arrays([nothing, *chain.from_iterable(pieces)])


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
    # In one piece, and without the least and the most of each column, it takes two thirds as long.
    whole = table.combine_chunks()
    return Part(write(whole, use_dictionary=True, store_schema=False, statistics=False))


def held(products: str) -> list[str]:
    """Return the products in a text of them."""
    return products.split(_NEXT)


def holding(products: Sequence[str]) -> str | None:
    """Return products as one text."""
    return _NEXT.join(products) or None


def _holdings(products: Sequence[Any] | None, rows: int) -> Any:
    if isinstance(products, ArrowCells):
        return joined(products.array, _NEXT)
    return pa.array(map(holding, products or ()), pa.string())


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
