"""Who is in which group, directly and through nesting."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from domain.errors import Held
from domain.inventory.people import Rows


@dataclass(frozen=True, slots=True)
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
        seen = {group}
        waiting = [group]
        found = []
        while waiting:
            current = waiting.pop()
            found.append(self.direct(current))
            inner = [nested for nested in self.nested.get(current, ()) if nested not in seen]
            seen.update(inner)
            waiting += inner
        return found[0] if len(found) == 1 else np.unique(np.concatenate(found))

    def inner(self, group: str) -> frozenset[str]:
        """Return the groups nested in a group, at any depth."""
        seen: set[str] = set()
        waiting = [group]
        while waiting:
            inner = [one for one in self.nested.get(waiting.pop(), ()) if one not in seen]
            seen.update(inner)
            waiting += inner
        return frozenset(seen)

    def path(self, group: str, inside: Collection[str]) -> tuple[str, ...]:
        """Return a shortest way from one of the groups up to, and without, an outer group.

        Empty where there is none, or where it needs no group in between.
        """
        ways: list[tuple[str, ...]] = [()]
        at = [group]
        seen = {group}
        while at:
            outer, way = at.pop(0), ways.pop(0)
            if outer in inside:
                return way
            for inner in self.nested.get(outer, ()):
                if inner not in seen:
                    seen.add(inner)
                    at.append(inner)
                    ways.append((inner, *way))
        return ()
