"""Rows as Parquet and back.

A read may bring millions of rows, so they are written out group by group, compressed, and never
stand in memory as Python values together.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from domain.kinds import Kind, Type
from domain.kinds.kind import Cell, Row

GROUP = 4_096
"""Rows that are written together, and at most stand in memory as Python values."""

_TYPES = {
    Type.TEXT: pa.string(),
    Type.FLAG: pa.bool_(),
    Type.NUMBER: pa.int64(),
    Type.MOMENT: pa.timestamp("ms", "UTC"),
    Type.DAY: pa.date32(),
    Type.TEXTS: pa.list_(pa.string()),
}


class Part:
    """One file being written."""

    def __init__(self, kind: Kind) -> None:
        self._schema = schema_of(kind)
        self._pending: list[Row] = []
        self._target = BytesIO()
        self._writer: Any = None
        self.rows = 0

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._target.tell()

    def add(self, rows: Sequence[Row]) -> None:
        """Take in some rows.

        Raises:
            ValueError: a row is not of this kind.
        """
        self._pending += rows
        self.rows += len(rows)
        while len(self._pending) >= GROUP:
            self._write(self._pending[:GROUP])
            del self._pending[:GROUP]

    def close(self) -> bytes:
        """Return the file."""
        self._write(self._pending)
        self._pending = []
        self._writer.close()
        return self._target.getvalue()

    def _write(self, rows: Sequence[Row]) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._target, self._schema, compression="zstd")
        if rows:
            self._writer.write_table(_table(self._schema, rows))


def schema_of(kind: Kind) -> Any:
    """Return the columns of a kind as Arrow has them."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in kind.columns])


def tables(body: bytes) -> Iterator[Any]:
    """Yield what is in a file as Arrow record batches, some thousands of rows each."""
    yield from pq.ParquetFile(pa.BufferReader(body)).iter_batches(GROUP, use_threads=False)


def count(body: bytes) -> int:
    """Return how many rows are in a file."""
    return int(pq.read_metadata(pa.BufferReader(body)).num_rows)


def rows_of(kind: Kind, body: bytes, skip: int = 0) -> Iterator[Sequence[Row]]:
    """Yield the rows in a file, some thousands at a time, without so many at its beginning.

    A column the file does not have, because the kind did not when it was written, is empty.
    """
    for whole in tables(body):
        batch = whole.slice(skip)
        skip = max(0, skip - whole.num_rows)
        if not batch.num_rows:
            continue
        known = dict(zip(batch.schema.names, batch.columns, strict=True))
        columns = [
            _cells(column.type, known.get(column.name), batch.num_rows) for column in kind.columns
        ]
        yield list(zip(*columns, strict=True))


def _table(schema: Any, rows: Sequence[Row]) -> Any:
    columns = zip(*rows, strict=True)
    arrays = [pa.array(cells, field.type) for cells, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _cells(type: Type, cells: Any, rows: int) -> list[Cell]:
    if cells is None:
        return [() if type is Type.TEXTS else None] * rows
    values: list[Any] = cells.to_pylist()
    return [tuple(value or ()) for value in values] if type is Type.TEXTS else values
