"""Sheets as a Parquet file that anything reads."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from adapters.warehouse.files import write
from domain.kinds import Type
from domain.sheets import Sheet

_TYPES: dict[Type, Any] = {
    Type.TEXT: pa.string(),
    Type.FLAG: pa.bool_(),
    Type.NUMBER: pa.int64(),
    Type.MOMENT: pa.timestamp("us", tz="UTC"),
    Type.DAY: pa.date32(),
    Type.TEXTS: pa.list_(pa.string()),
}


def parquet_of(sheets: Iterable[Sheet]) -> bytes:
    """Return the pieces of a sheet as a Parquet file; what a column means is in its metadata."""
    return write(pa.concat_tables(map(_table, sheets)).combine_chunks())


def _table(sheet: Sheet) -> Any:
    fields = [
        pa.field(column.name, _TYPES[column.type], metadata={"description": column.what})
        for column in sheet.columns
    ]
    arrays = [pa.array(cells, field.type) for cells, field in zip(sheet.cells, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))
