"""How many people each group has through the groups nested in it, for all groups at once.

Nested groups come before those they are in, and what was found of them is used again: to look into
each group by itself takes a chain of five thousand groups twelve million steps.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from domain.inventory.people import Rows, distinct

if TYPE_CHECKING:
    from domain.inventory.membership import Memberships

MOST = 25_000_000
"""Rows kept to be used again, a hundred megabytes; whoever needs what is beyond looks anew."""


def sizes_of(memberships: "Memberships", most: int = MOST) -> Mapping[str, int]:
    """Return how many people are in each group at any depth.

    Raises:
        Held: a group that is nested in one was not inventoried.
    """
    kept = _Kept(memberships, most)
    found: dict[str, int] = {}
    for together in _Walk(memberships.nested).through(memberships.people):
        found |= dict.fromkeys(together, kept.count(together))
    return found


class _Kept:
    """Who is in groups that were counted, for as long as others need to know."""

    def __init__(self, memberships: "Memberships", most: int) -> None:
        self._memberships = memberships
        self._left = most
        self._of: dict[str, Rows] = {}
        self._needed: dict[str, int] = {}
        """How often it will be asked who is in a group."""
        for inside in memberships.nested.values():
            for inner in inside:
                self._needed[inner] = self._needed.get(inner, 0) + 1

    def count(self, together: Sequence[str]) -> int:
        """Return how many people are in groups that are all in each other, or in a single one."""
        nested = self._memberships.nested
        inside = [inner for group in together for inner in nested.get(group, ())]
        others = frozenset(inside).difference(together)
        if others <= self._of.keys():
            direct = [self._memberships.direct(group) for group in together]
            rows = distinct([*direct, *map(self._of.__getitem__, others)])
        else:
            rows = self._memberships.everyone(together[0])
        for inner in inside:
            self._let_go(inner)
        for group in together:
            self._keep(group, rows)
        return len(rows)

    def _keep(self, group: str, rows: Rows) -> None:
        if self._needed.get(group) and len(rows) <= self._left:
            self._of[group] = rows
            self._left -= len(rows)

    def _let_go(self, group: str) -> None:
        self._needed[group] -= 1
        if not self._needed[group] and group in self._of:
            self._left += len(self._of.pop(group))


class _Walk:
    """Tarjan's algorithm, with a stack of its own: a chain is deeper than Python's may be."""

    def __init__(self, nested: Mapping[str, Sequence[str]]) -> None:
        self._nested = nested
        self._number: dict[str, int] = {}
        """When a group was reached."""
        self._lowest: dict[str, int] = {}
        """The first that can be come back to from it, among those that are open."""
        self._open: dict[str, None] = {}
        self._way: list[tuple[str, Iterator[str]]] = []

    def through(self, groups: Mapping[str, Rows]) -> Iterator[list[str]]:
        """Yield groups that are all in each other, and each other one alone; the inner ones first.

        Args:
            groups: all of them.
        """
        for group in groups:
            if group not in self._number:
                self._reach(group)
            while self._way:
                yield from self._step()

    def _reach(self, group: str) -> None:
        self._number[group] = self._lowest[group] = len(self._number)
        self._open[group] = None
        self._way.append((group, iter(self._nested.get(group, ()))))

    def _step(self) -> Iterator[list[str]]:
        group, inside = self._way[-1]
        for inner in inside:
            if inner not in self._number:
                self._reach(inner)
                return
            if inner in self._open:
                self._lowest[group] = min(self._lowest[group], self._number[inner])
        self._way.pop()
        if self._way:
            outer, _ = self._way[-1]
            self._lowest[outer] = min(self._lowest[outer], self._lowest[group])
        if self._lowest[group] == self._number[group]:
            yield self._closed(group)

    def _closed(self, group: str) -> list[str]:
        together: list[str] = []
        while not together or together[-1] != group:
            together.append(self._open.popitem()[0])
        return together
