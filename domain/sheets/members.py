"""Memberships as sheets, direct and flattened: a group's people are looked at and let go."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from domain.inventory.flattened import flattened
from domain.inventory.snapshot import Snapshot
from domain.kinds import Kind
from domain.kinds.kind import Cell
from domain.sheets.sheet import Sheet, pieces


def count_direct(snapshot: Snapshot) -> int:
    """Return how many memberships there are."""
    return sum(map(len, snapshot.memberships.people.values()))


def direct(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Iterator[Sheet]:
    """Yield memberships in order of group and person."""
    members = snapshot.memberships.people
    groups = sorted(members)
    ends = np.cumsum([len(members[group]) for group in groups])
    for first, last in pieces(start, stop):
        inside: list[str] = []
        people: list[str] = []
        for group, cut in _cuts(groups, ends, first, last):
            mine = members[group][cut]
            inside += [group] * len(mine)
            people += snapshot.people.names(mine)
        yield Sheet(kind.columns, [inside, people])


def count_flattened(snapshot: Snapshot) -> int:
    """Return how many memberships there are once each group has those of its nested groups, too.

    Raises:
        Held: a group that is nested in one was not inventoried.
    """
    return int(snapshot.memberships.sizes.sum(dtype=np.int64))


def flat(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Iterator[Sheet]:
    """Yield flattened memberships in order of group and person.

    Raises:
        Held: a group that is nested in one was not inventoried.
    """
    members = snapshot.memberships
    groups = sorted(members.people)
    ends = np.cumsum(members.sizes, dtype=np.int64)
    # A group is larger than a piece: keep the one that the piece before ended in.
    people_in = lru_cache(maxsize=1)(partial(flattened, members))
    for first, last in pieces(start, stop):
        cells: list[list[Cell]] = [[], [], [], []]
        for group, cut in _cuts(groups, ends, first, last):
            found = people_in(group)
            numbers = found.inside[cut]
            inside = numbers.tolist()
            ways = {number: found.via(number) for number in set(inside)}
            cells[0] += [group] * len(inside)
            cells[1] += snapshot.people.names(found.rows[cut])
            cells[2] += found.depths[numbers].tolist()
            cells[3] += [ways[number] for number in inside]
        yield Sheet(kind.columns, cells)


def _cuts(
    groups: Sequence[str], ends: NDArray[np.int64], first: int, last: int
) -> Iterator[tuple[str, slice]]:
    """Yield which of each group's people are among some rows, when groups lie one after another.

    Args:
        ends: for each group the row behind its last one.
    """
    those = slice(int(np.searchsorted(ends, first, "right")), int(np.searchsorted(ends, last)) + 1)
    begins = np.concatenate([[0], ends[:-1]])
    for group, begin in zip(groups[those], begins[those].tolist(), strict=True):
        yield group, slice(max(0, first - begin), last - begin)
