"""People as columns: one row a person, sorted by object id.

A tenant may have a million people and a policy asks the same few questions of all of them, so a
question is asked once per distinct value and the answers are spread over the rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.attributes import SOURCES, Kind, is_custom, kind_of, source_of
from domain.errors import Held

type Value = str | bool | tuple[str, ...] | tuple["ServicePlan", ...] | None
type Rows = NDArray[np.int32]
type Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, order=True)
class ServicePlan:
    """A service plan a person has been given, as Graph's `assignedPlans` has it."""

    id: str
    service: str
    status: str


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute of every person: the distinct values, and per row which of them.

    Where nearly everyone has a value of her own they are `Texts`, one for each row.
    """

    values: Sequence[Value]
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
    unknown: Mapping[str, Mask] = field(default_factory=dict)
    """Attribute -> of whom nobody knows it, where that is so of some people only."""

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> Column:
        """Return an attribute of everyone.

        Raises:
            Held: it was not inventoried; an attribute nobody read is unknown, not empty.
        """
        try:
            return self.columns[name]
        except KeyError:
            raise Held(
                f"user.{name} is not in this inventory. It is read from the next one on, once a"
                " stored bundle names it."
            ) from None

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

    def names(self, rows: Rows) -> list[str]:
        """Return the object ids of the people in these rows."""
        return [id.decode() for id in self.ids[rows].tolist()]

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
    names = dict.fromkeys(SOURCES) | {name: None for each in ordered for name in each.attributes}
    columns = {
        name: Column.of(person.attributes.get(name, empty(name)) for person in ordered)
        for name in names
    }
    holding: dict[str, list[int]] = {}
    for row, person in enumerate(ordered):
        for sku in person.products:
            holding.setdefault(sku, []).append(row)
    return People(ids, columns, {sku: np.array(rows, np.int32) for sku, rows in holding.items()})


def no_rows() -> Rows:
    """Return an empty set of rows."""
    return np.zeros(0, np.int32)


def empty(name: str) -> Value:
    """Return what an attribute is for a person who has none: a collection is never missing."""
    return () if kind_of(name) in (Kind.TEXTS, Kind.PLANS) else None


def firsts(ascending: np.ndarray) -> Mask:
    """Return where a value stands for the first time, in values that ascend."""
    first = np.ones(len(ascending), np.bool_)
    first[1:] = ascending[1:] != ascending[:-1]
    return first


def distinct(found: Sequence[Rows]) -> Rows:
    """Return every row that is in any of some, once; in each of them they ascend."""
    if len(found) == 1:
        return found[0]
    rows = np.sort(np.concatenate(found))  # np.unique takes many times as long
    return rows[firsts(rows)]


def attributes_of(user: Mapping[str, Any], also: Iterable[str] = ()) -> dict[str, Value]:
    """Take the attributes a rule can name out of a user in Graph's own shape; absent is None.

    Args:
        also: attributes that are inventoried on demand.
    """
    return {name: _cell(name, user) for name in (*SOURCES, *also)}


def _cell(name: str, user: Mapping[str, Any]) -> Value:
    return cell_of(kind_of(name), _dig(name, user))


def cell_of(kind: Kind, value: Any) -> Value:
    """Return what a property's value is as a cell of an attribute of this kind."""
    match kind:
        case Kind.FLAG:
            return value if isinstance(value, bool) else None
        case Kind.TEXTS:
            return tuple(item for item in _items(value) if isinstance(item, str))
        case Kind.PLANS:
            return tuple(sorted({_plan(i) for i in _items(value) if isinstance(i, Mapping)}))
        case _:
            return _text(value)


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _dig(name: str, user: Mapping[str, Any]) -> Any:
    value: Any = user
    for part in source_of(name).split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if value is None and is_custom(name):
        # A rule may spell the name of a custom property in other letter case than Entra does.
        spelled = name.lower()
        return next((cell for key, cell in user.items() if str(key).lower() == spelled), None)
    return value


def _text(value: Any) -> str | None:
    """Return a scalar as text; a custom property may be a number or a flag."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None or isinstance(value, dict) else str(value)


def _plan(item: Mapping[str, Any]) -> ServicePlan:
    fields = (item.get(field) or "" for field in ("servicePlanId", "service", "capabilityStatus"))
    return ServicePlan(*map(str, fields))
