"""Everyone: the parts that were read, and in which order of ids their rows stand.

The order is on file, too, up to some part; what the parts after it change is worked out when they
are loaded. Nothing here lays a person out as an object.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from adapters.warehouse.columns import Columns, Order
from adapters.warehouse.packing import packed, worth_packing
from adapters.warehouse.parts import Part, PeopleLog, held, read_index, write_index
from adapters.warehouse.search import Ids, find, ids_of
from domain.attributes import MANAGER, on_demand
from domain.inventory.people import People, Rows

INDEX, INDEXED, LATER, MANAGERS = "index", "people", "later", "managers"


@dataclass(frozen=True, slots=True)
class Census:
    """Everyone on file."""

    ids: Ids
    """Sorted."""
    order: Order
    """Of each, which row of all the parts is hers."""
    indexed: tuple[Part, ...]
    later: tuple[Part, ...]
    """Parts that came after the index was written."""
    index: bytes
    base: Ids
    """Who is in the index; the memberships on file count in these."""
    columns: Columns
    holding: Mapping[str, Rows]

    @classmethod
    def empty(cls, also: Iterable[str] = ()) -> "Census":
        """Return no one, with the attributes that everyone is to have."""
        names = frozenset(also)
        managers = pa.nulls(0) if MANAGER in names else None
        none = np.zeros(0, np.int32)
        index = write_index(ids_of([]), none)
        return _census(ids_of([]), none, (PeopleLog(names).part(),), (), index, managers)

    @classmethod
    def read(
        cls, index: bytes, indexed: Sequence[Part], later: Sequence[Part], managers: Any
    ) -> "Census":
        """Return everyone on file."""
        base, order = read_index(index)
        ids, order = _after(base, order, sum(part.rows for part in indexed), later)
        return _census(ids, order, tuple(indexed), tuple(later), index, managers, base)

    @property
    def also(self) -> frozenset[str]:
        """The attributes on demand that these people have."""
        return on_demand(self.columns)

    def people(self) -> People:
        """Return everyone, as the domain wants them."""
        return People(self.ids, self.columns, self.holding)

    def more(self, parts: Sequence[Part]) -> tuple[Ids, Order]:
        """Return who there is once these parts are read as well, and where each one's row is."""
        rows = sum(part.rows for part in (*self.indexed, *self.later))
        return _after(self.ids, self.order, rows, parts)

    def grown(self, ids: Ids, order: Order, parts: Sequence[Part], managers: Any) -> "Census":
        """Return everyone after more parts, with an index anew where that is worth it."""
        later = (*self.later, *parts)
        if len(self.base) and not worth_packing(len(ids), later):
            return _census(ids, order, self.indexed, later, self.index, managers, self.base)
        indexed, order = packed((*self.indexed, *later), order)
        return _census(ids, order, indexed, (), write_index(ids, order), managers)


def _census(
    ids: Ids,
    order: Order,
    indexed: tuple[Part, ...],
    later: tuple[Part, ...],
    index: bytes,
    managers: Any,
    base: Ids | None = None,
) -> Census:
    parts = (*indexed, *later)
    columns = Columns(parts, order, managers)
    base = ids if base is None else base
    return Census(ids, order, indexed, later, index, base, columns, _holding(parts, order))


def _after(ids: Ids, order: Order, rows: int, parts: Sequence[Part]) -> tuple[Ids, Order]:
    """Return sorted ids and places once the rows of more parts are taken in; the last one counts.

    Args:
        ids: who was there.
        order: where.
        rows: how many rows the parts before have.
        parts: those after them.
    """
    if not any(part.rows for part in parts):
        return ids, order
    read, gone = (np.concatenate(each) for each in zip(*((p.ids(), p.gone()) for p in parts)))  # noqa: B905
    spoken, backwards = np.unique(read[::-1], return_index=True)
    places = len(read) - 1 - backwards
    there = ~gone[places]
    kept = np.ones(len(ids), np.bool_)
    found_at, found = find(ids, spoken)
    kept[found_at[found]] = False
    before, fresh = ids[kept], spoken[there]
    at = np.searchsorted(before, fresh)
    new = (places[there] + rows).astype(np.int32)
    return np.insert(before, at, fresh), np.insert(order[kept], at, new)


def _holding(parts: Sequence[Part], order: Order) -> dict[str, Rows]:
    """Return who holds each product, from the texts that say what somebody holds."""
    chunks = [part.products() for part in parts]
    cells = pa.chunked_array(chunks).unify_dictionaries().combine_chunks()
    texts = cells.dictionary.to_pylist()
    codes = np.asarray(cells.indices.fill_null(len(texts)), np.int32)[order]
    with_it: dict[str, list[int]] = {}
    for code, text in enumerate(texts):
        for sku in held(text):
            with_it.setdefault(sku, []).append(code)
    holding = {}
    for sku in sorted(with_it):
        has = np.zeros(len(texts) + 1, np.bool_)
        has[with_it[sku]] = True
        rows = np.flatnonzero(has[codes]).astype(np.int32)
        if len(rows):
            holding[sku] = rows
    return holding
