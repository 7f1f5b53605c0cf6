"""Who is in which group, directly and through nesting."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from domain.errors import Held
from domain.inventory.nested_sizes import sizes_of
from domain.inventory.people import Rows, distinct


@dataclass(frozen=True)
class Memberships:
    """Direct members of every inventoried group: people as rows, nested groups as ids."""

    people: Mapping[str, Rows]
    nested: Mapping[str, tuple[str, ...]]

    def direct(self, group: str) -> Rows:
        """Return the people who are themselves members of the group.

        Raises:
            Held: the group was not inventoried; a group nobody read is unknown, not empty.
        """
        try:
            return self.people[group]
        except KeyError:
            raise Held(f"Group {group} is not in the directory, or was never read.") from None

    def everyone(self, group: str) -> Rows:
        """Return the people in the group or in any group nested in it; a cycle is harmless.

        Raises:
            Held: the group, or one nested in it, was not inventoried.
        """
        return distinct([self.direct(each) for each in self.ways(group)])

    def inner(self, group: str) -> frozenset[str]:
        """Return the groups nested in a group, at any depth."""
        return frozenset(self.ways(group)) - {group}

    def path(self, group: str, inside: Collection[str]) -> tuple[str, ...]:
        """Return a shortest way from one of the groups up to, and without, an outer group.

        Empty where there is none, or where it needs no group in between.
        """
        ways = self.ways(group)
        nearest = next((each for each in ways if each in inside), group)
        return way_up(ways, nearest)

    @cached_property
    def sizes(self) -> Rows:
        """How many people are in each group at any depth; the groups in order of id.

        Raises:
            Held: a group that is nested in one was not inventoried.
        """
        found = sizes_of(self)
        return np.array([found[group] for group in sorted(self.people)], np.int32)

    def ways(self, group: str) -> Mapping[str, str]:
        """Return the group and each one nested in it at any depth, the nearest first.

        Each with the one outside of it by which it is reached on a shortest way; the group itself,
        which comes first, has none. A cycle ends where it comes back to a group.
        """
        outside = {group: ""}
        reached = [group]
        for outer in reached:  # grows meanwhile
            for inner in self.nested.get(outer, ()):
                if inner not in outside:
                    outside[inner] = outer
                    reached.append(inner)
        return outside


def way_up(ways: Mapping[str, str], inner: str, most: int | None = None) -> tuple[str, ...]:
    """Return the groups from an inner one up to, and without, the outermost.

    Args:
        ways: as `Memberships.ways` has them.
        most: how many groups at most, the inner ones first.
    """
    way: list[str] = []
    while ways[inner] and len(way) != most:
        way.append(inner)
        inner = ways[inner]
    return tuple(way)
