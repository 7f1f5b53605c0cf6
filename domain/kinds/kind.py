"""What a kind of facts is: its rows, where they come from, and what reading them needs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints


class Type(StrEnum):
    """The type of a column's cells; a cell of any type but `texts` may be empty."""

    TEXT = "text"
    FLAG = "flag"
    NUMBER = "number"
    """A whole number."""
    MOMENT = "moment"
    """UTC."""
    DAY = "day"
    TEXTS = "texts"
    """Several texts, none where there is none."""


type Cell = str | bool | int | datetime | date | tuple[str, ...] | None
type Row = tuple[Cell, ...]
"""One fact: the cells in the order of the kind's columns."""


class Column(NamedTuple):
    """One documented column."""

    name: str
    type: Type
    what: str
    """One line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of facts."""

    name: str
    what: str
    """One line."""
    columns: tuple[Column, ...]
    permissions: tuple[str, ...] = ()
    """Graph application permissions that reading it needs, the least privileged."""
    every: timedelta | None = None
    """How old it may become before it is read anew; None for the core, whose timer says so."""
    budget: timedelta = timedelta(minutes=5)
    """How long one run reads, at most; the next goes on where it ended."""
    on: bool = False
    """Whether it is read unless the settings say otherwise."""
    flag: str = ""
    """What switches it on in EmpowerID, where such a parameter exists."""

    @property
    def core(self) -> bool:
        """Whether it is a part of every snapshot, and therefore has no switch."""
        return self.every is None

    @property
    def switch(self) -> str:
        """The setting that switches it."""
        return f"INVENTORY_{self.name.upper()}"

    @property
    def schedule(self) -> str:
        """The setting that says when it is looked whether it is due."""
        return f"{self.switch}_SCHEDULE"

    @property
    def timer(self) -> str:
        """The name of its timer."""
        return f"inventory_{self.name}"


def columns_of(row: type[NamedTuple]) -> tuple[Column, ...]:
    """Return the columns of a row class, whose fields are annotated with what each is."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(_column(name, hint) for name, hint in hints.items())


_TYPES: dict[Any, Type] = {
    str: Type.TEXT,
    bool: Type.FLAG,
    int: Type.NUMBER,
    datetime: Type.MOMENT,
    date: Type.DAY,
    tuple[str, ...]: Type.TEXTS,
}


def _column(name: str, hint: Any) -> Column:
    annotated, what = get_args(hint)
    options = [option for option in get_args(annotated) if option is not NoneType]
    # `str | None` has one option; `str` has none, and `tuple[str, ...]` is looked up as it is.
    return Column(name, _TYPES[annotated if annotated in _TYPES else options[0]], what)
