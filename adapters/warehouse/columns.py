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

from adapters.warehouse.cells import lay_out_texts, layout
from adapters.warehouse.search import ID, Ids
from domain.attributes import Kind, kind_of
from domain.people import Column

_ID = "id"

_COMMON = 50_000
"""A column with no more distinct values is kept once it was laid out."""

_DICTIONARY, _CODE = 2 * 2**20, 4
"""Bytes that distinct values, and one row that names one of them, take at most: where the distinct
values grow beyond half of that, Arrow writes each row's text out."""


class Columns(Mapping[str, Column]):
    """Every attribute that was read, of every person, by rule name."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.names = tuple(name for name in _open(body).schema_arrow.names if name != _ID)
        self._kept: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self.names:
            raise KeyError(name)
        if name not in self._kept:
            column = self._texts(name) or layout(name, self.arrow(name))
            if len(column.values) > _COMMON:
                return column
            self._kept[name] = column
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def arrow(self, name: str) -> Any:
        """Return one column as it is on file."""
        return _read(self.body, name).unify_dictionaries().combine_chunks()

    def _texts(self, name: str) -> Column | None:
        """Return a column of texts where nearly everyone has one of her own; else None.

        On file such a column takes the room of the texts, and any other that of small numbers.
        """
        file = _open(self.body)
        place = file.schema_arrow.get_field_index(name)
        if kind_of(name) is not Kind.TEXT or not file.metadata.num_rows:
            return None
        size = file.metadata.row_group(0).column(place).total_uncompressed_size
        if size < _DICTIONARY + _CODE * file.metadata.num_rows:
            return None
        return lay_out_texts(file.read(columns=[name], use_threads=False).column(0))


def read_ids(body: bytes) -> Ids:
    """Return the sorted ids of the people on file."""
    column = _read(body, _ID).combine_chunks()
    return np.frombuffer(column.buffers()[1], ID, len(column), column.offset * ID.itemsize)


def write_people(ids: Ids, columns: Mapping[str, Any]) -> bytes:
    """Return the file of these people, whose ids are sorted; the columns are as on file."""
    ids = np.ascontiguousarray(ids, ID)
    id_column = pa.Array.from_buffers(pa.binary(ID.itemsize), len(ids), [None, pa.py_buffer(ids)])
    table = pa.table({_ID: id_column, **columns})
    # Without Arrow's own schema a text can be read either way: as it is, or as a number.
    return write(table, use_dictionary=_texts(columns), store_schema=False)


def write(
    table: Any, use_dictionary: bool | Sequence[str] = True, *, store_schema: bool = True
) -> bytes:
    """Return a table as a Parquet file; in one group of rows, so that dictionaries stand once."""
    target = BytesIO()
    pq.write_table(
        table,
        target,
        compression="zstd",
        use_dictionary=use_dictionary,
        store_schema=store_schema,
        row_group_size=max(1, table.num_rows),
    )
    return target.getvalue()


def _read(body: bytes, name: str) -> Any:
    return _open(body, [name]).read(columns=[name], use_threads=False).column(0)


def _open(body: bytes, names: Sequence[str] = ()) -> Any:
    return pq.ParquetFile(pa.BufferReader(body), read_dictionary=_texts(names))


def _texts(names: Sequence[str] | Mapping[str, Any]) -> list[str]:
    return [name for name in names if name != _ID and kind_of(name) is not Kind.FLAG]
