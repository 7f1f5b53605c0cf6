"""The core kinds of facts as sheets, read out of a snapshot.

A million people are never laid out as objects: a part comes in pieces of some thousands of rows,
and each column is read once per distinct value.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain import attributes
from domain.inventory.group import Group
from domain.inventory.people import Column as Attribute
from domain.inventory.people import People, ServicePlan, Value
from domain.inventory.portion import portion
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.inventory.texts import Texts
from domain.kinds import Kind
from domain.kinds.kind import Cell, Column, Row, Type
from domain.rule.dates import instant
from domain.sheets import members
from domain.sheets.sheet import Sheet, pieces, sheet_of_rows


@dataclass(frozen=True, slots=True)
class Reader:
    """How a kind is read out of a snapshot."""

    count: Callable[[Snapshot], int]
    read: Callable[[Kind, Snapshot, int, int], Iterator[Sheet]]
    """The rows from one to another, without the last, in pieces; one piece at least."""


def part_of(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Iterator[Sheet]:
    """Yield some rows of a core kind, a piece at a time."""
    return READERS[kind.name].read(kind, snapshot, start, stop)


def _people(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Iterator[Sheet]:
    people = portion(snapshot.people, start, stop)
    more = [name for name in people.columns if name not in {each.name for each in kind.columns}]
    columns = (*kind.columns, *map(_on_demand, more))
    laid_out = dict(people.columns)
    for first, last in pieces(0, len(people)):
        yield Sheet(columns, [_cells(each, people, laid_out, first, last) for each in columns])


def _on_demand(name: str) -> Column:
    several = attributes.kind_of(name) in (attributes.Kind.TEXTS, attributes.Kind.PLANS)
    return Column(name, Type.TEXTS if several else Type.TEXT, "inventoried because policy names it")


def _cells(
    column: Column, people: People, laid_out: Mapping[str, Attribute], start: int, stop: int
) -> Sequence[Cell]:
    if column.name == "id":
        return [id.decode() for id in people.ids[start:stop].tolist()]
    if column.name == "products":
        return _products(people, start, stop)
    if column.name not in laid_out:
        return [None] * (stop - start)  # an older snapshot than the column
    found = laid_out[column.name]
    if isinstance(found.values, Texts):
        return found.values[start:stop]
    codes, back = np.unique(found.codes[start:stop], return_inverse=True)
    distinct = [_cell(column.type, found.values[code]) for code in codes.tolist()]
    return [distinct[at] for at in back.tolist()]


def _cell(type: Type, value: Value) -> Cell:
    if isinstance(value, tuple):
        return tuple(_item(item) for item in value)
    if type is Type.MOMENT and isinstance(value, str):
        return instant(value)
    return value


def _item(item: str | ServicePlan) -> str:
    return item if isinstance(item, str) else f"{item.id}:{item.status}"


def _products(people: People, start: int, stop: int) -> Sequence[Cell]:
    held: list[list[str]] = [[] for _ in range(start, stop)]
    for sku in sorted(people.holding):
        rows = people.holding[sku]
        for row in rows[(rows >= start) & (rows < stop)].tolist():
            held[row - start].append(sku)
    return [tuple(each) for each in held]


def _each[T](things: Callable[[Snapshot], Mapping[str, T]], row: Callable[[T], Row]) -> Reader:
    """Return how a kind is read of which a snapshot has objects by their ids: in that order."""

    def rows(snapshot: Snapshot) -> list[Row]:
        found = things(snapshot)
        return [row(found[id]) for id in sorted(found)]

    return _few(rows, lambda snapshot: len(things(snapshot)))


def _few(rows: Callable[[Snapshot], list[Row]], count: Callable[[Snapshot], int]) -> Reader:
    """Return how a kind is read that has few enough rows for all to be laid out."""

    def read(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Iterator[Sheet]:
        all_rows = rows(snapshot)
        for first, last in pieces(start, stop):
            yield sheet_of_rows(kind.columns, all_rows[first:last])

    return Reader(count, read)


def _group(one: Group) -> Row:
    return (
        one.id,
        one.name,
        one.types,
        one.mail_enabled,
        one.security_enabled,
        one.synced,
        one.role_assignable,
        tuple(sorted(one.licenses)),
    )


def _product(one: Product) -> Row:
    return (
        one.sku,
        one.part_number,
        one.enabled,
        one.warning,
        one.consumed,
        one.suspended,
        one.locked_out,
        tuple(sorted(one.plans)),
    )


def _nestings(snapshot: Snapshot) -> list[Row]:
    nested = snapshot.memberships.nested
    return sorted((group, member) for group, members in nested.items() for member in members)


READERS: Mapping[str, Reader] = {
    "people": Reader(lambda snapshot: len(snapshot.people), _people),
    "flattened": Reader(members.count_flattened, members.flat),
    "groups": _each(lambda snapshot: snapshot.groups, _group),
    "memberships": Reader(members.count_direct, members.direct),
    "nested": _few(_nestings, lambda snapshot: len(_nestings(snapshot))),
    "products": _each(lambda snapshot: snapshot.products, _product),
}
"""Every core kind by name."""
