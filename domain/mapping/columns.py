"""Mapped attributes as columns of people: made of the inventoried ones when somebody asks.

A mapped attribute is a text: a flag is `true` or `false`, a collection its first item. Of several
sources, the first that has a value counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from domain.attributes import is_reply
from domain.errors import Held
from domain.inventory.people import Column, Mask, Value
from domain.inventory.snapshot import Snapshot
from domain.inventory.texts import Texts
from domain.mapping.table import PREFIX, Table, is_mapped

_NO_REPLIES = (
    "which were not read, or not within two days. With INVENTORY_OUT_OF_OFFICE=on they are;"
    " `seatflow status` says when."
)


def mapped(snapshot: Snapshot, table: Table) -> Snapshot:
    """Return the snapshot with the mapped attributes beside the inventoried ones."""
    people = snapshot.people
    columns = MappedColumns(people.columns, table)
    unknown = {**people.unknown, **_unknown(people.unknown, table)} if people.unknown else {}
    return replace(snapshot, people=replace(people, columns=columns, unknown=unknown))


def _unknown(inventoried: Mapping[str, Mask], table: Table) -> dict[str, Mask]:
    """Return of whom nobody knows a mapped attribute, for each of which that is so of some."""
    found: dict[str, Mask] = {}
    for name in (f"{PREFIX}{plain}" for plain in table.sources):
        for attribute in inventoried.keys() & set(table.attributes(name)):
            found[name] = found.get(name, inventoried[attribute]) | inventoried[attribute]
    return found


class MappedColumns(Mapping[str, Column]):
    """The inventoried columns, and by their prefixed names the mapped ones.

    Only the inventoried ones are listed: a mapped one is asked for by name.
    """

    def __init__(self, inventoried: Mapping[str, Column], table: Table) -> None:
        self._inventoried = inventoried
        self._table = table

    def __getitem__(self, name: str) -> Column:
        """Return a column.

        Raises:
            KeyError: it was not inventoried.
            Held: it is mapped, and its source was not inventoried, or there is none.
        """
        if not is_mapped(name):
            return self._inventoried[name]
        if reason := self._table.why_not(name):
            raise Held(reason)
        columns = [self._source(name, each) for each in self._table.attributes(name)]
        return columns[0] if len(columns) == 1 else _first_of(columns)

    def __iter__(self) -> Iterator[str]:
        return iter(self._inventoried)

    def __len__(self) -> int:
        return len(self._inventoried)

    def _source(self, name: str, attribute: str) -> Column:
        if attribute not in self._inventoried and is_reply(attribute):
            raise Held(f"{self._table.shown(name)} comes from automatic replies, {_NO_REPLIES}")
        if attribute not in self._inventoried:
            raise Held(
                f"{self._table.shown(name)} comes from {attribute}, which is not in this inventory."
                " It is read from the next one on, once a stored bundle names it."
            )
        column = self._inventoried[attribute]
        if isinstance(column.values, Texts):
            return column
        return Column([_text(value) for value in column.values], column.codes)


def _first_of(columns: Sequence[Column]) -> Column:
    """Return the column that has, per row, the value of the first column that has one."""
    values: list[Value] = []
    codes = np.full(len(columns[0].codes), -1, np.int32)
    for column in columns:
        free = codes < 0
        mine = free & column.where(lambda value: value is not None)
        codes[mine] = column.codes[mine] + len(values)
        values.extend(column.values)
    codes[codes < 0] = len(values)
    return Column([*values, None], codes)


def _text(value: Value) -> Value:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        first = value[0] if value else None
        return first if isinstance(first, str) else None
    return value
