"""The attributes of people as a Parquet file, read a column at a time.

A policy asks for a handful of the attributes, and the ones with a value of their own for everyone
(names, addresses) would fill the memory as Python strings. So the file stays as it is, compressed,
and a column is laid out when somebody asks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from adapters.warehouse.search import ID, Ids
from domain.attributes import KINDS, SOURCES, Kind
from domain.people import Column, Value

TEXT = pa.dictionary(pa.int32(), pa.string())
_SMALL = pa.dictionary(pa.int16(), pa.string())
_FEW = 2**15 - 1
NAMES = tuple(SOURCES)
_TEXTS = [name for name in NAMES if KINDS[name] is Kind.TEXT]
_ID = "id"

_COMMON = 50_000
"""A column with no more distinct values is kept once it was laid out."""


class Columns(Mapping[str, Column]):
    """Every attribute of every person, by rule name."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self._kept: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in SOURCES:
            raise KeyError(name)
        if name not in self._kept:
            column = _column(self.arrow(name))
            if len(column.values) > _COMMON:
                return column
            self._kept[name] = column
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)

    def arrow(self, name: str) -> Any:
        """Return one column as it is on file."""
        return _read(self.body, name).unify_dictionaries().combine_chunks()


def read_ids(body: bytes) -> Ids:
    """Return the sorted ids of the people on file."""
    column = _read(body, _ID).combine_chunks()
    return np.frombuffer(column.buffers()[1], ID, len(column), column.offset * ID.itemsize)


def write_people(ids: Ids, columns: Mapping[str, Any]) -> bytes:
    """Return the file of these people, whose ids are sorted; the columns are as on file."""
    ids = np.ascontiguousarray(ids, ID)
    id_column = pa.Array.from_buffers(pa.binary(ID.itemsize), len(ids), [None, pa.py_buffer(ids)])
    table = pa.table({_ID: id_column, **{name: columns[name] for name in NAMES}})
    return write(table, use_dictionary=_TEXTS)


def write(table: Any, use_dictionary: bool | Sequence[str] = True) -> bytes:
    """Return a table as a Parquet file; in one group of rows, so that dictionaries stand once."""
    target = BytesIO()
    pq.write_table(
        table,
        target,
        compression="zstd",
        use_dictionary=use_dictionary,
        row_group_size=max(1, table.num_rows),
    )
    return target.getvalue()


def encode(name: str, cells: Sequence[Value]) -> Any:
    """Return the cells of one attribute, small; many attributes are empty for a whole page."""
    if all(cell is None for cell in cells):
        return pa.nulls(len(cells))
    if KINDS[name] is Kind.FLAG:
        return pa.array(cells, pa.bool_())
    return pa.array(cells, _SMALL if len(cells) <= _FEW else TEXT)


def gather(name: str, chunks: Sequence[Any], order: Any) -> Any:
    """Return the cells of several chunks of one column, one after the other, in another order."""
    if all(pa.types.is_null(chunk.type) for chunk in chunks):
        return pa.nulls(len(order))
    column = pa.chunked_array([_as_on_file(name, chunk) for chunk in chunks], _type(name))
    return _without_unused(column.unify_dictionaries().combine_chunks().take(pa.array(order)))


def release() -> None:
    """Give memory that nobody uses any more back to the system."""
    pa.default_memory_pool().release_unused()


def _type(name: str) -> Any:
    return pa.bool_() if KINDS[name] is Kind.FLAG else TEXT


def _as_on_file(name: str, chunk: Any) -> Any:
    if pa.types.is_null(chunk.type):
        return pa.nulls(len(chunk), _type(name))
    if chunk.type == _SMALL:
        return pa.DictionaryArray.from_arrays(chunk.indices.cast(pa.int32()), chunk.dictionary)
    return chunk


def _read(body: bytes, name: str) -> Any:
    file = pq.ParquetFile(pa.BufferReader(body), read_dictionary=_TEXTS)
    return file.read(columns=[name], use_threads=False).column(0)


def _column(cells: Any) -> Column:
    if pa.types.is_null(cells.type):
        return Column((None,), np.zeros(len(cells), np.int32))
    if pa.types.is_boolean(cells.type):
        codes = np.asarray(cells.cast(pa.int8()).fill_null(2), np.int32)
        return Column((False, True, None), codes)
    values = (*cells.dictionary.to_pylist(), None)
    codes = np.asarray(cells.indices.fill_null(len(values) - 1), np.int32)
    return Column(values, codes)


def _without_unused(cells: Any) -> Any:
    """Forget the values no one has any more, or years of small changes would pile them up."""
    if not pa.types.is_dictionary(cells.type):
        return cells
    codes = np.asarray(cells.indices.fill_null(len(cells.dictionary)))
    used = np.bincount(codes, minlength=len(cells.dictionary) + 1)[:-1] > 0
    if used.all():
        return cells
    renumbered = pa.array((np.cumsum(used) - 1).astype(np.int32)).take(cells.indices)
    return pa.DictionaryArray.from_arrays(renumbered, cells.dictionary.filter(pa.array(used)))
