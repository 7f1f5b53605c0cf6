"""The people of a group flattened through the groups nested in it, each with a shortest way."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.inventory.membership import Memberships, firsts, way_up
from domain.inventory.people import Rows

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

    def via(self, inside: int) -> tuple[str, ...]:
        """Return the groups between a person and the group, hers first; none where it is direct."""
        return way_up(self.ways, self.groups[inside])


def flattened(memberships: Memberships, group: str) -> Flattened:
    """Return everyone in a group by a shortest way; of several, that by the group of lowest id.

    Raises:
        Held: the group, or one nested in it, was not inventoried.
    """
    ways = memberships.ways(group)
    members = [memberships.direct(each) for each in ways]
    # One number for each membership, the person above and the group below: of the same person
    # the nearest group comes first, in one sort.
    found = [rows.astype(np.int64) << _LOW | number for number, rows in enumerate(members)]
    edges = np.sort(np.concatenate(found))
    rows = (edges >> _LOW).astype(np.int32)
    first = firsts(rows)
    return Flattened(rows[first], edges[first].astype(np.int32), tuple(ways), ways)
