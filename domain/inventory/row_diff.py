"""What is different between two snapshots in the rows of a kind, told apart by their keys."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.inventory.snapshot import Snapshot
from domain.kinds import KINDS
from domain.kinds.kind import Cell
from domain.sheets import READERS, part_of

KEYS: Mapping[str, tuple[str, ...]] = {
    "groups": ("id",),
    "nested": ("group", "member"),
    "products": ("sku",),
}
"""Kind -> the columns that tell its rows apart. People and memberships are compared otherwise."""

MOST = 1_000
"""Rows that are named of each kind."""

type _Rows = dict[tuple[str, ...], dict[str, str]]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that came, left or is another."""

    key: tuple[str, ...]
    status: str
    """`new`, `gone` or `changed`."""
    before: Mapping[str, str]
    """Column -> what it was, of the columns that are others."""
    after: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KindDiff:
    """What is different in one kind; the list names the first thousand."""

    kind: str
    new: int
    gone: int
    changed: int
    rows: tuple[RowChange, ...]


def compare_rows(before: Snapshot, after: Snapshot) -> tuple[KindDiff, ...]:
    """Compare the kinds of a snapshot whose rows are told apart by a key."""
    return tuple(_compared(kind, before, after) for kind in KEYS)


def _compared(kind: str, before: Snapshot, after: Snapshot) -> KindDiff:
    changes = list(_changes(_rows(kind, before), _rows(kind, after)))
    counts = Counter(each.status for each in changes)
    rows = tuple(changes[:MOST])
    return KindDiff(kind, counts["new"], counts["gone"], counts["changed"], rows)


def _changes(then: _Rows, now: _Rows) -> Iterator[RowChange]:
    for key in sorted(then.keys() | now.keys()):
        old, new = then.get(key), now.get(key)
        if old is None or new is None:
            yield RowChange(key, "new" if old is None else "gone", {}, {})
        elif differ := [name for name in old if old[name] != new[name]]:
            was, is_now = ({name: row[name] for name in differ} for row in (old, new))
            yield RowChange(key, "changed", was, is_now)


def _rows(kind: str, snapshot: Snapshot) -> _Rows:
    found: _Rows = {}
    for sheet in part_of(KINDS[kind], snapshot, 0, READERS[kind].count(snapshot)):
        names = [column.name for column in sheet.columns]
        rows = (dict(zip(names, map(_shown, row), strict=True)) for row in zip(*sheet.cells))  # noqa: B905
        found |= {tuple(row[name] for name in KEYS[kind]): row for row in rows}
    return found


def _shown(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return ", ".join(cell)
    return "" if cell is None else str(cell)
