"""The core kinds of facts as sheets, read out of a snapshot.

A million people are never laid out as objects: a part is a range of rows, and each column is read
once per distinct value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain import attributes
from domain.inventory.group import Group
from domain.inventory.people import People, ServicePlan, Value
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.kinds import Kind
from domain.kinds.kind import Cell, Column, Row, Type
from domain.rule.dates import instant
from domain.sheets.sheet import Sheet, sheet_of_rows


@dataclass(frozen=True, slots=True)
class Reader:
    """How a kind is read out of a snapshot."""

    count: Callable[[Snapshot], int]
    read: Callable[[Kind, Snapshot, int, int], Sheet]
    """The rows from one to another, without the last."""


def part_of(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Sheet:
    """Return some rows of a core kind."""
    return READERS[kind.name].read(kind, snapshot, start, stop)


def _people(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Sheet:
    people = snapshot.people
    more = [name for name in people.columns if name not in {each.name for each in kind.columns}]
    columns = (*kind.columns, *map(_on_demand, more))
    return Sheet(columns, [_cells(each, people, start, stop) for each in columns])


def _on_demand(name: str) -> Column:
    several = attributes.kind_of(name) in (attributes.Kind.TEXTS, attributes.Kind.PLANS)
    return Column(name, Type.TEXTS if several else Type.TEXT, "inventoried because policy names it")


def _cells(column: Column, people: People, start: int, stop: int) -> Sequence[Cell]:
    if column.name == "id":
        return [id.decode() for id in people.ids[start:stop].tolist()]
    if column.name == "products":
        return _products(people, start, stop)
    if column.name not in people.columns:
        return [None] * (stop - start)  # an older snapshot than the column
    found = people.columns[column.name]
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

    def read(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Sheet:
        found = things(snapshot)
        return sheet_of_rows(kind.columns, [row(found[id]) for id in sorted(found)[start:stop]])

    return Reader(lambda snapshot: len(things(snapshot)), read)


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
        tuple(sorted(one.plans)),
    )


def _memberships(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Sheet:
    groups: list[str] = []
    people: list[str] = []
    before = 0
    for group in sorted(snapshot.memberships.people):
        rows = snapshot.memberships.people[group]
        mine = rows[max(0, start - before) : max(0, stop - before)]
        groups += [group] * len(mine)
        people += snapshot.people.names(mine)
        before += len(rows)
    return Sheet(kind.columns, [groups, people])


def _nestings(snapshot: Snapshot) -> list[tuple[str, str]]:
    nested = snapshot.memberships.nested
    return sorted((group, member) for group, members in nested.items() for member in members)


def _nested(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Sheet:
    return sheet_of_rows(kind.columns, _nestings(snapshot)[start:stop])


def _members(snapshot: Snapshot) -> int:
    return sum(map(len, snapshot.memberships.people.values()))


READERS: Mapping[str, Reader] = {
    "people": Reader(lambda snapshot: len(snapshot.people), _people),
    "groups": _each(lambda snapshot: snapshot.groups, _group),
    "memberships": Reader(_members, _memberships),
    "nested": Reader(lambda snapshot: len(_nestings(snapshot)), _nested),
    "products": _each(lambda snapshot: snapshot.products, _product),
}
"""Every core kind by name."""
