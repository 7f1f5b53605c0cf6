"""The people of a group flattened through the groups nested in it, each with a shortest way."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.inventory.membership import Memberships, way_up
from domain.inventory.people import Rows, firsts

LONGEST = 20
"""Groups of a way that are told. In a chain of thousands, each person's whole way through each
group is more than any memory holds."""

_LOW = np.int64(32)


@dataclass(frozen=True, slots=True)
class Flattened:
    """Everyone in one group, once."""

    rows: Rows
    """Ascending."""
    inside: NDArray[np.int32]
    """For each of them, of which of the groups she is directly a member."""
    groups: tuple[str, ...]
    """The group itself, then those nested in it, the nearest first."""
    ways: Mapping[str, str]
    depths: NDArray[np.int32]
    """For each of the groups, how many lie between it and the group, itself included."""

    def via(self, inside: int) -> tuple[str, ...]:
        """Return the groups between a person and the group, hers first; none where it is direct.

        Of a longer way than `LONGEST` the first ones.
        """
        return way_up(self.ways, self.groups[inside], LONGEST)


def flattened(memberships: Memberships, group: str) -> Flattened:
    """Return everyone in a group by a shortest way; of several, that by the group of lowest id.

    Raises:
        Held: the group, or one nested in it, was not inventoried.
    """
    ways = memberships.ways(group)
    members = [memberships.direct(each) for each in ways]
    # One number for each membership, the person above and the group below: of the same person
    # the nearest group comes first, in one sort.
    of = np.repeat(np.arange(len(members), dtype=np.int64), [*map(len, members)])
    edges = np.sort(np.concatenate(members).astype(np.int64) << _LOW | of)
    rows = (edges >> _LOW).astype(np.int32)
    first = firsts(rows)
    inside = edges[first].astype(np.int32)
    return Flattened(rows[first], inside, tuple(ways), ways, _depths(ways))


def _depths(ways: Mapping[str, str]) -> NDArray[np.int32]:
    depths = {"": -1}
    for group, outside in ways.items():  # the nearest first
        depths[group] = depths[outside] + 1
    return np.fromiter(depths.values(), np.int32, len(depths))[1:]
