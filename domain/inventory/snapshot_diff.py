"""What is different in one snapshot from an earlier one: who came, left and changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.errors import Held
from domain.inventory.people import Column, People, Rows, Value
from domain.inventory.snapshot import Snapshot

LISTED = 1_000
"""People of each list that are named; the numbers count all of them."""
USUAL = (
    "accountEnabled",
    "companyName",
    "country",
    "department",
    "employeeId",
    "jobTitle",
    "usageLocation",
    "userType",
)
"""The attributes that are compared unless others are named."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person, for people to read."""

    id: str
    name: str
    """User principal name."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One attribute of one person, then and now."""

    id: str
    name: str
    attribute: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One person who came into a group, or left it."""

    group: str
    id: str
    name: str
    joined: bool


@dataclass(frozen=True, slots=True)
class GroupMoves:
    """How the direct members of one group changed."""

    group: str
    name: str
    status: str
    """`new`, `gone` or `changed`."""
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class SnapshotDiff:
    """What is different; the lists name the first thousand of each."""

    people_joined: int
    people_left: int
    people_changed: int
    joined: tuple[Named, ...]
    left: tuple[Named, ...]
    changes: Mapping[str, int]
    """Attribute -> for how many people it is another."""
    changed: tuple[Changed, ...]
    memberships_joined: int
    memberships_left: int
    groups: tuple[GroupMoves, ...]
    moved: tuple[Moved, ...]
    unknown: tuple[str, ...]
    """What could not be compared, and why."""


def compare(
    before: Snapshot,
    after: Snapshot,
    attributes: Sequence[str] = USUAL,
    groups: Iterable[str] | None = None,
) -> SnapshotDiff:
    """Return what is different in `after`.

    Someone who is in both is compared; memberships of people who came or left count as well.

    Args:
        attributes: as rules name them.
        groups: compare the members of these alone; of all groups without.
    """
    here = _Both(before.people, after.people)
    changed: list[Changed] = []
    touched = np.zeros(len(here.then), np.bool_)
    counts: dict[str, int] = {}
    unknown: list[str] = []
    for name in attributes:
        try:
            old, new = before.people.column(name), after.people.column(name)
        except Held as unread:
            unknown.append(f"{name} cannot be compared. {unread}")
            continue
        other = np.flatnonzero(_differ(old, new, here.then, here.now))
        touched[other] = True
        counts[name] = len(other)
        changed += here.changed(name, old, new, other[: LISTED - len(changed)])
    members = _members(before, after, here, groups)
    return SnapshotDiff(
        people_joined=len(here.joined),
        people_left=len(here.left),
        people_changed=int(touched.sum()),
        joined=_named(after.people, here.joined),
        left=_named(before.people, here.left),
        changes=counts,
        changed=tuple(changed),
        memberships_joined=sum(each.joined for each in members.groups),
        memberships_left=sum(each.left for each in members.groups),
        groups=tuple(members.groups),
        moved=tuple(members.moved),
        unknown=tuple(unknown),
    )


class _Both:
    """Whose row is whose in two snapshots."""

    def __init__(self, before: People, after: People) -> None:
        self.before, self.after = before, after
        _, then, now = np.intersect1d(
            before.ids, after.ids, assume_unique=True, return_indices=True
        )
        self.then: Rows = then.astype(np.int32)
        self.now: Rows = now.astype(np.int32)
        self.left = _others(len(before), self.then)
        self.joined = _others(len(after), self.now)
        self.row_now: Rows = np.full(len(before), -1, np.int32)
        """Row before -> row now, -1 for who left."""
        self.row_now[self.then] = self.now
        self._marked = np.zeros(len(after), np.bool_)
        """Nobody, between two looks: marking a few is quicker than sorting them."""

    def moves(self, old: Rows, new: Rows) -> tuple[Rows, Rows]:
        """Return who of the old rows left, and who of the new ones joined."""
        still = self.row_now[old]
        stayed = np.zeros(len(old), np.bool_)
        self._marked[new] = True
        stayed[still >= 0] = self._marked[still[still >= 0]]
        self._marked[new] = False
        self._marked[still[stayed]] = True
        joined = new[~self._marked[new]]
        self._marked[still[stayed]] = False
        return old[~stayed], joined

    def changed(
        self, name: str, old: Column, new: Column, places: NDArray[np.intp]
    ) -> list[Changed]:
        names = self.after.column("userPrincipalName")
        return [
            Changed(
                self.after.id(now),
                str(names[now] or ""),
                name,
                _shown(old[then]),
                _shown(new[now]),
            )
            for then, now in zip(self.then[places].tolist(), self.now[places].tolist(), strict=True)
        ]


@dataclass(slots=True)
class _Members:
    groups: list[GroupMoves]
    moved: list[Moved]


def _members(
    before: Snapshot, after: Snapshot, here: _Both, only: Iterable[str] | None
) -> _Members:
    found = _Members([], [])
    then, now = before.memberships.people, after.memberships.people
    chosen = then.keys() | now.keys() if only is None else set(only)
    nobody: Rows = np.zeros(0, np.int32)
    for group in sorted(chosen & (then.keys() | now.keys())):
        old, new = then.get(group, nobody), now.get(group, nobody)
        left, joined = here.moves(old, new)
        status = "changed" if group in then and group in now else "new" if group in now else "gone"
        if len(joined) or len(left) or status != "changed":
            known = after.groups.get(group) or before.groups.get(group)
            name = known.name if known else ""
            found.groups.append(GroupMoves(group, name, status, len(joined), len(left)))
            found.moved += _moved(found, group, after.people, joined, joined=True)
            found.moved += _moved(found, group, before.people, left, joined=False)
    return found


def _moved(found: _Members, group: str, people: People, rows: Rows, *, joined: bool) -> list[Moved]:
    some = rows[: LISTED - len(found.moved)]
    return [Moved(group, one.id, one.name, joined) for one in _named(people, some)]


def _differ(old: Column, new: Column, then: Rows, now: Rows) -> NDArray[np.bool_]:
    """Return for whom the value is another; each distinct value is looked at once."""
    numbers: dict[tuple[type, Value], int] = {}
    coded = [
        np.fromiter(
            (numbers.setdefault((type(value), value), len(numbers)) for value in column.values),
            np.int32,
            len(column.values),
        )
        for column in (old, new)
    ]
    return np.asarray(coded[0][old.codes[then]] != coded[1][new.codes[now]], np.bool_)


def _others(size: int, rows: Rows) -> Rows:
    mask = np.ones(size, np.bool_)
    mask[rows] = False
    return np.flatnonzero(mask).astype(np.int32)


def _named(people: People, rows: Rows) -> tuple[Named, ...]:
    some = rows[:LISTED].tolist()
    names = people.column("userPrincipalName")
    return tuple(Named(people.id(row), str(names[row] or "")) for row in some)


def _shown(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value
