"""Cells of one attribute: small while they are read, laid out when somebody asks for them.

Every kind but flags is text on file, each distinct one stored once. A collection is one text, too,
its items divided by control characters that no address and no service name has; with an address of
their own for a million people that is written and read several times faster than JSON.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from adapters.arrow_cells import ArrowCells
from domain.attributes import Kind, kind_of
from domain.inventory.people import Column, ServicePlan, Value, empty
from domain.inventory.texts import DIVIDER, Texts

TEXT = pa.dictionary(pa.int32(), pa.string())

_ITEM, _FIELD = "\x1e", "\x1f"
"""Record separator and unit separator."""


def type_of(name: str) -> Any:
    """Return the type of an attribute's cells on file."""
    return pa.bool_() if kind_of(name) is Kind.FLAG else pa.string()


def on_file(name: str, cells: Sequence[Value] | None, rows: int) -> Any:
    """Return cells as they are on file: a collection is a text, an empty one as good as none.

    Args:
        name: of which attribute.
        cells: None where nobody has it.
        rows: how many there are.
    """
    if not cells:
        return pa.nulls(rows, type_of(name))
    if isinstance(cells, ArrowCells):
        return joined(cells.array, _ITEM) if cells.array.type.num_fields else cells.array
    match kind_of(name):
        case Kind.TEXTS:
            cells = [_ITEM.join(cell) if cell else None for cell in cells]  # type: ignore[arg-type]
        case Kind.PLANS:
            cells = [_joined_plans(cell) if cell else None for cell in cells]
    return pa.array(cells, type_of(name))


def joined(collections: Any, divider: str) -> Any:
    """Return an arrow array of collections of texts as one of texts."""
    # Loaded here: it takes long, and who reads nothing new never gets here.
    from pyarrow import compute

    texts = compute.binary_join(collections, divider)
    empty = compute.equal(compute.list_value_length(collections), 0)
    return compute.if_else(empty, None, texts)


def gather(chunks: Sequence[Any], order: Any) -> Any:
    """Return the cells of several chunks of one column, one after the other, in another order."""
    column = pa.chunked_array(chunks).unify_dictionaries().combine_chunks()
    return without_unused(column.take(pa.array(order)))


def layout(name: str, cells: Any) -> Column:
    """Return the cells on file as the domain wants them."""
    nothing = empty(name)
    if pa.types.is_null(cells.type):
        return Column((nothing,), np.zeros(len(cells), np.int32))
    if pa.types.is_boolean(cells.type):
        codes = np.asarray(cells.cast(pa.int8()).fill_null(2), np.int32)
        return Column((False, True, None), codes)
    values = (*map(_READERS.get(kind_of(name), str), cells.dictionary.to_pylist()), nothing)
    codes = np.asarray(cells.indices.fill_null(len(values) - 1), np.int32)
    return Column(values, codes)


def lay_out_texts(cells: Any) -> Column | None:
    """Return texts as the domain wants them, each row with its own; None if they cannot be had so.

    The one text that they are kept as cannot be divided where a control character is in them.
    """
    # Loaded here: it takes long, and only few people's snapshots never get here.
    from pyarrow import compute

    bounds = pa.array([0, len(cells)], pa.int32())
    row = pa.ListArray.from_arrays(bounds, cells.fill_null(""))
    try:
        texts = Texts(compute.binary_join(row, DIVIDER)[0].as_py(), np.asarray(cells.is_null()))
    except ValueError:
        return None
    return Column(texts, np.arange(len(cells), dtype=np.int32))


def without_unused(cells: Any) -> Any:
    """Forget the values no one has any more, or years of small changes would pile them up."""
    if not pa.types.is_dictionary(cells.type):
        return cells
    codes = np.asarray(cells.indices.fill_null(len(cells.dictionary)))
    used = np.bincount(codes, minlength=len(cells.dictionary) + 1)[:-1] > 0
    if used.all():
        return cells
    renumbered = pa.array((np.cumsum(used) - 1).astype(np.int32)).take(cells.indices)
    return pa.DictionaryArray.from_arrays(renumbered, cells.dictionary.filter(pa.array(used)))


def _joined_plans(plans: Any) -> str:
    return _ITEM.join(_FIELD.join((plan.id, plan.service, plan.status)) for plan in plans)


def _texts(text: str) -> tuple[str, ...]:
    return tuple(text.split(_ITEM))


def _plans(text: str) -> tuple[ServicePlan, ...]:
    return tuple(ServicePlan(*item.split(_FIELD)) for item in text.split(_ITEM))


_READERS: dict[Kind, Callable[[str], Value]] = {Kind.TEXTS: _texts, Kind.PLANS: _plans}
