"""People on file and the changes to them, merged as columns.

A page of changes becomes columns as soon as it is read; the merge works on sorted ids and never
lays a person out as an object.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.warehouse.cells import Pages, gather, release
from adapters.warehouse.columns import Columns, read_ids, write_people
from adapters.warehouse.managers import ManagerChanges
from adapters.warehouse.search import Ids, find, ids_of
from domain.attributes import MANAGER, SOURCES, on_demand
from domain.people import People, Rows
from domain.ports import PeoplePage

type _Order = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Census:
    """Everyone on file."""

    ids: Ids
    columns: Columns
    holding: Mapping[str, Rows]

    @classmethod
    def read(cls, body: bytes, holding: Mapping[str, Rows]) -> "Census":
        """Return the people in a file and what they hold."""
        return cls(read_ids(body), Columns(body), holding)

    @classmethod
    def empty(cls, also: Iterable[str] = ()) -> "Census":
        """Return no one, with the attributes that everyone is to have."""
        none = {name: gather(name, [], np.zeros(0, np.int64)) for name in (*SOURCES, *also)}
        return cls.read(write_people(ids_of([]), none), {})

    @property
    def also(self) -> frozenset[str]:
        """The attributes on demand that these people have."""
        return on_demand(self.columns)

    def people(self) -> People:
        """Return everyone, as the domain wants them."""
        return People(self.ids, self.columns, self.holding)


class PeopleChanges:
    """Pages of people as columns, until they are merged.

    `also` are the attributes on demand that are read.
    """

    def __init__(self, also: frozenset[str] = frozenset()) -> None:
        self._ids: list[Ids] = []
        self._pages: list[NDArray[np.int32]] = []
        self._cells = {name: Pages(name) for name in (*SOURCES, *sorted(also - {MANAGER}))}
        self._managers = ManagerChanges()
        self._with_managers = MANAGER in also
        self._products: dict[str, list[int]] = {}
        self._gone: dict[str, int] = {}
        self._count = 0

    def add(self, page: PeoplePage) -> None:
        """Take in a page; the last word about a person counts."""
        number = len(self._pages)
        self._ids.append(ids_of(page.ids))
        self._pages.append(np.full(len(page.ids), number, np.int32))
        for name, pages in self._cells.items():
            pages.add(page.cells.get(name) or [None] * len(page.ids))
        for place, products in enumerate(page.products, self._count):
            for sku in products:
                self._products.setdefault(sku, []).append(place)
        self._count += len(page.ids)
        self._gone |= dict.fromkeys(page.gone, number)
        self._managers.add(page.managers)

    def merge(self, base: Census) -> Census:
        """Return everyone after the changes.

        The changes are used up: their columns are given back as they are merged.
        """
        fresh, places, gone = self._last_words()
        kept = np.ones(len(base.ids), np.bool_)
        for ids in (fresh, gone):
            rows, found = find(base.ids, ids)
            kept[rows[found]] = False
        if kept.all() and not len(fresh) and not self._managers.any():
            return base
        rows = np.flatnonzero(kept)
        at = np.searchsorted(base.ids[rows], fresh)
        ids = np.insert(base.ids[rows], at, fresh)
        order = np.insert(rows, at, places + len(base.ids))
        columns = self._merge_cells(base.columns, order)
        if self._with_managers:
            columns[MANAGER] = self._managers.merge(base.ids, base.columns.arrow(MANAGER), ids)
        return Census.read(write_people(ids, columns), self._merge_holding(base, order))

    def _last_words(self) -> tuple[Ids, _Order, Ids]:
        """Return whom the pages leave present, where their last row is, and whom they leave gone.

        Within one page a person who is gone is gone.
        """
        if not self._pages:
            return ids_of([]), np.zeros(0, np.int64), ids_of([])
        ids, pages = np.concatenate(self._ids), np.concatenate(self._pages)
        fresh, backwards = np.unique(ids[::-1], return_index=True)
        places = len(ids) - 1 - backwards
        gone = ids_of(sorted(self._gone))
        gone_at = np.array([self._gone[person] for person in sorted(self._gone)], np.int32)
        rows, found = find(gone, fresh)
        stays = ~found
        stays[found] = pages[places[found]] > gone_at[rows[found]]
        returned = find(fresh[stays], gone)[1]
        return fresh[stays], places[stays], gone[~returned]

    def _merge_cells(self, base: Columns, order: _Order) -> dict[str, Any]:
        merged = {}
        for name in tuple(self._cells):
            merged[name] = gather(name, [base.arrow(name), *self._cells.pop(name).chunks()], order)
            release()  # what one column took is there for the next one
        return merged

    def _merge_holding(self, base: Census, order: _Order) -> dict[str, Rows]:
        row_of = np.full(len(base.ids) + self._count, -1, np.int32)
        row_of[order] = np.arange(len(order), dtype=np.int32)
        merged: dict[str, Rows] = {}
        for sku in sorted(base.holding.keys() | self._products.keys()):
            before = base.holding.get(sku, np.zeros(0, np.int32))
            since = np.array(self._products.get(sku, []), np.int64) + len(base.ids)
            rows = row_of[np.concatenate([before.astype(np.int64), since])]
            merged[sku] = np.unique(rows[rows >= 0])
        return {sku: rows for sku, rows in merged.items() if len(rows)}
