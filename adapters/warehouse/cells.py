"""Cells of one attribute: small while they are read, laid out when somebody asks for them.

Every kind but flags is text on file, each distinct one stored once. A collection is one text, too,
its items divided by control characters that no address and no service name has; with an address of
their own for a million people that is written and read several times faster than JSON.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from domain.attributes import Kind, kind_of
from domain.people import Column, ServicePlan, Value, empty
from domain.texts import DIVIDER, Texts

TEXT = pa.dictionary(pa.int32(), pa.string())
_SMALL = pa.dictionary(pa.int16(), pa.string())
_FEW = 2**15 - 1

_ITEM, _FIELD = "\x1e", "\x1f"
"""Record separator and unit separator."""


class Pages:
    """The cells of one attribute, page after page, until they are merged."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._kind = kind_of(name)
        self._chunks: list[Any] = []
        self._shared: dict[str, int] = {}

    def add(self, cells: Sequence[Value]) -> None:
        """Take in a page; many attributes are empty for a whole page."""
        if self._kind in (Kind.TEXTS, Kind.PLANS):
            cells = [_as_text(self._kind, cell) for cell in cells]
        if all(cell is None for cell in cells):
            self._chunks.append(pa.nulls(len(cells)))
        elif self._kind is Kind.PLANS:
            self._chunks.append(self._codes(cells))
        elif self._kind is Kind.FLAG:
            self._chunks.append(pa.array(cells, pa.bool_()))
        else:
            self._chunks.append(pa.array(cells, _SMALL if len(cells) <= _FEW else TEXT))

    def chunks(self) -> list[Any]:
        """Return the pages, as `gather` takes them."""
        if not self._shared:
            return self._chunks
        texts = pa.array(list(self._shared), pa.string())
        codes = [chunk.cast(pa.int32()) for chunk in self._chunks]
        return [pa.DictionaryArray.from_arrays(chunk, texts) for chunk in codes]

    def _codes(self, cells: Sequence[Any]) -> Any:
        # The plans of one person take kilobytes and few people have plans of their own: all pages
        # share one dictionary, or each would have the same few again.
        known = self._shared
        return pa.array(
            [None if text is None else known.setdefault(text, len(known)) for text in cells],
            pa.int32(),
        )


def gather(name: str, chunks: Sequence[Any], order: Any) -> Any:
    """Return the cells of several chunks of one column, one after the other, in another order."""
    if all(pa.types.is_null(chunk.type) for chunk in chunks):
        return pa.nulls(len(order))
    column = pa.chunked_array([_as_on_file(name, chunk) for chunk in chunks], _type(name))
    return without_unused(column.unify_dictionaries().combine_chunks().take(pa.array(order)))


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

    cells = cells.cast(pa.string()).combine_chunks()
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


def release() -> None:
    """Give memory that nobody uses any more back to the system."""
    pa.default_memory_pool().release_unused()


def _type(name: str) -> Any:
    return pa.bool_() if kind_of(name) is Kind.FLAG else TEXT


def _as_on_file(name: str, chunk: Any) -> Any:
    if pa.types.is_null(chunk.type):
        return pa.nulls(len(chunk), _type(name))
    if chunk.type == _SMALL:
        return pa.DictionaryArray.from_arrays(chunk.indices.cast(pa.int32()), chunk.dictionary)
    return chunk


def _as_text(kind: Kind, cell: Any) -> str | None:
    """Return a collection as text; an empty one is as good as none."""
    if not cell:
        return None
    if kind is Kind.PLANS:
        return _ITEM.join(_FIELD.join((plan.id, plan.service, plan.status)) for plan in cell)
    return _ITEM.join(cell)


def _texts(text: str) -> tuple[str, ...]:
    return tuple(text.split(_ITEM))


def _plans(text: str) -> tuple[ServicePlan, ...]:
    return tuple(ServicePlan(*item.split(_FIELD)) for item in text.split(_ITEM))


_READERS: dict[Kind, Callable[[str], Value]] = {Kind.TEXTS: _texts, Kind.PLANS: _plans}
