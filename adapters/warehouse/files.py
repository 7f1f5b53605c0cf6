"""The smaller files of a snapshot: edges, groups and products, as Parquet and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from adapters.warehouse.search import ID, Ids, ids_of
from domain.inventory.group import Group
from domain.inventory.people import Rows
from domain.inventory.product import Product

_GROUPS = pa.schema(
    [
        ("id", pa.string()),
        ("name", pa.string()),
        ("types", pa.list_(pa.string())),
        ("mail_enabled", pa.bool_()),
        ("security_enabled", pa.bool_()),
        ("synced", pa.bool_()),
        ("role_assignable", pa.bool_()),
        ("licenses", pa.map_(pa.string(), pa.list_(pa.string()))),
    ]
)
_PRODUCTS = pa.schema(
    [
        ("sku", pa.string()),
        ("part_number", pa.string()),
        ("enabled", pa.int64()),
        ("warning", pa.int64()),
        ("consumed", pa.int64()),
        ("plans", pa.map_(pa.string(), pa.string())),
        ("suspended", pa.int64()),
        ("locked_out", pa.int64()),
    ]
)


def write(
    table: Any,
    use_dictionary: bool | Sequence[str] = True,
    *,
    store_schema: bool = True,
    statistics: bool = True,
) -> bytes:
    """Return a table as a Parquet file; in one group of rows, so that dictionaries stand once."""
    target = BytesIO()
    pq.write_table(
        table,
        target,
        compression="zstd",
        use_dictionary=use_dictionary,
        store_schema=store_schema,
        write_statistics=statistics,
        row_group_size=max(1, table.num_rows),
    )
    return target.getvalue()


def write_rows(edges: Mapping[str, Rows]) -> bytes:
    """Return edges from a product or a group to the rows of people."""
    return _write_edges(edges, pa.array(_joined(edges.values(), np.dtype(np.int32))))


def read_rows(body: bytes) -> dict[str, Rows]:
    """Return edges as they were written; what has no edge is not in them."""
    return _read_edges(body, lambda column: np.asarray(column, np.int32))


def write_ids(edges: Mapping[str, Ids]) -> bytes:
    """Return edges from a group to ids."""
    return _write_edges(edges, pa.array(_joined(edges.values(), ID).tolist(), pa.binary()))


def read_ids(body: bytes) -> dict[str, Ids]:
    """Return edges to ids as they were written."""
    return _read_edges(body, lambda column: np.array(column.to_pylist(), ID))


def write_nested(nested: Mapping[str, Sequence[str]]) -> bytes:
    """Return edges from a group to the groups in it."""
    return write_ids({group: ids_of(members) for group, members in nested.items()})


def read_nested(body: bytes) -> dict[str, tuple[str, ...]]:
    """Return edges between groups as they were written."""
    return {g: tuple(id.decode() for id in ids.tolist()) for g, ids in read_ids(body).items()}


def write_groups(groups: Mapping[str, Group]) -> bytes:
    """Return groups."""
    rows = [asdict(group) | {"licenses": list(group.licenses.items())} for group in groups.values()]
    return write(pa.Table.from_pylist(rows, schema=_GROUPS))


def read_groups(body: bytes) -> dict[str, Group]:
    """Return groups as they were written, in the same order."""
    return {row["id"]: _group(row) for row in _table(body).to_pylist()}


def write_products(products: Mapping[str, Product]) -> bytes:
    """Return products."""
    rows = [
        asdict(product) | {"plans": list(product.plans.items())} for product in products.values()
    ]
    return write(pa.Table.from_pylist(rows, schema=_PRODUCTS))


def read_products(body: bytes) -> dict[str, Product]:
    """Return products as they were written."""
    rows = _table(body).to_pylist()
    return {row["sku"]: Product(**(row | {"plans": dict(row["plans"])})) for row in rows}


def _group(row: Mapping[str, Any]) -> Group:
    licenses = {sku: tuple(plans) for sku, plans in row["licenses"]}
    return Group(**{**row, "types": tuple(row["types"]), "licenses": licenses})


def _joined(parts: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *parts])


def _write_edges(edges: Mapping[str, NDArray[Any]], members: Any) -> bytes:
    sizes = [len(part) for part in edges.values()]
    of = np.repeat(np.arange(len(edges), dtype=np.int32), sizes)
    names = pa.DictionaryArray.from_arrays(pa.array(of), pa.array(list(edges), pa.string()))
    return write(pa.table({"of": names, "member": members}), use_dictionary=["of"])


def _read_edges(body: bytes, read: Any) -> dict[str, Any]:
    table = _table(body, dictionaries=["of"])
    of = table.column("of").unify_dictionaries().combine_chunks()
    members = read(table.column("member"))
    if not len(of):
        return {}
    codes = np.asarray(of.indices)
    starts = np.flatnonzero(np.diff(codes, prepend=codes[0] - 1))
    names = of.dictionary.to_pylist()
    parts = np.split(members, starts[1:])
    return {names[codes[start]]: part for start, part in zip(starts, parts, strict=True)}


def _table(body: bytes, dictionaries: Sequence[str] = ()) -> Any:
    return pq.read_table(BytesIO(body), read_dictionary=list(dictionaries), use_threads=False)
