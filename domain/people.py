"""People as columns: one row a person, sorted by object id.

A tenant may have a million people and a policy asks the same few questions of all of them, so a
question is asked once per distinct value and the answers are spread over the rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.attributes import SOURCES

type Value = str | bool | None
type Rows = NDArray[np.int32]
type Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute of every person: the distinct values, and per row which of them."""

    values: tuple[Value, ...]
    codes: Rows

    def __getitem__(self, row: int) -> Value:
        return self.values[int(self.codes[row])]

    def where(self, test: Callable[[Value], bool]) -> Mask:
        """Return which rows hold a value that passes the test."""
        answers = np.fromiter(map(test, self.values), np.bool_, len(self.values))
        return answers[self.codes]

    @classmethod
    def of(cls, cells: Iterable[Value]) -> "Column":
        """Encode one cell per row."""
        index: dict[tuple[type, Value], int] = {}
        codes = [index.setdefault((type(cell), cell), len(index)) for cell in cells]
        return cls(tuple(value for _, value in index), np.array(codes, np.int32))


@dataclass(frozen=True, slots=True)
class Person:
    """One directory account as it was read: attributes by their rule names, and products held."""

    id: str
    attributes: Mapping[str, Value]
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """Every person of a snapshot; rows are in ascending order of object id."""

    ids: NDArray[np.bytes_]
    columns: Mapping[str, Column]
    holding: Mapping[str, Rows]
    """skuId -> the rows of the people who hold that product by any route."""

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, ids: Sequence[str]) -> Rows:
        """Return the rows of these people; ids that were not inventoried are left out."""
        wanted = np.array(list(ids), dtype=self.ids.dtype if len(self.ids) else "S36")
        places = np.searchsorted(self.ids, wanted)
        places[places == len(self.ids)] = 0
        found = self.ids[places] == wanted if len(self.ids) else np.zeros(len(wanted), np.bool_)
        return np.asarray(places[found], np.int32)

    def id(self, row: int) -> str:
        """Return the object id of the person in a row."""
        return bytes(self.ids[row]).decode()

    def mask(self, rows: Rows) -> Mask:
        """Return the rows as a mask over all people."""
        mask = np.zeros(len(self), np.bool_)
        mask[rows] = True
        return mask

    def person(self, row: int) -> Person:
        """Return one person with every attribute, for people to read."""
        held = tuple(sku for sku, rows in self.holding.items() if row in rows)
        attributes = {name: column[row] for name, column in self.columns.items()}
        return Person(self.id(row), attributes, held)


def people_of(persons: Iterable[Person]) -> People:
    """Lay a handful of persons out as columns, sorted by id."""
    ordered = sorted(persons, key=lambda person: person.id)
    ids = np.array([person.id for person in ordered], dtype="S36")
    columns = {
        name: Column.of(person.attributes.get(name) for person in ordered) for name in SOURCES
    }
    holding: dict[str, list[int]] = {}
    for row, person in enumerate(ordered):
        for sku in person.products:
            holding.setdefault(sku, []).append(row)
    return People(ids, columns, {sku: np.array(rows, np.int32) for sku, rows in holding.items()})


def no_rows() -> Rows:
    """Return an empty set of rows."""
    return np.zeros(0, np.int32)


def attributes_of(user: Mapping[str, Any]) -> dict[str, Value]:
    """Take the attributes a rule can name out of a user in Graph's own shape; absent is None."""
    return {name: _dig(user, source) for name, source in SOURCES.items()}


def _dig(user: Mapping[str, Any], source: str) -> Value:
    value: Any = user
    for part in source.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, str | bool) else None
