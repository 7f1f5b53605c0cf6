"""A close-up: a snapshot of a few people read afresh, on which the same decisions can be made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from domain.errors import Held
from domain.inventory.group import Group
from domain.inventory.membership import Memberships
from domain.inventory.people import Rows, people_of
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.ports import CloseUp


@dataclass(frozen=True, slots=True)
class Flattened(Memberships):
    """Memberships of a few people, where Graph has already followed the nesting."""

    everywhere: Mapping[str, Rows]
    """Empty where nesting was not read."""

    def everyone(self, group: str) -> Rows:
        """Return the people in the group, directly or through nesting."""
        if group not in self.everywhere:
            raise Held(f"Group {group} is not in the directory, or was never read.")
        return self.everywhere[group]


def close_up(
    seen: Iterable[CloseUp],
    groups: Mapping[str, Group],
    products: Mapping[str, Product],
    now: datetime,
) -> Snapshot:
    """Lay out a few people and the groups that exist as a snapshot that is not whole."""
    views = {view.person.id: view for view in seen}
    people = people_of(view.person for view in views.values())
    ordered = [views[people.id(row)] for row in range(len(people))]
    direct = {group: _rows(group in view.direct for view in ordered) for group in groups}
    nesting = [view.everywhere for view in ordered if view.everywhere is not None]
    read = groups if len(nesting) == len(ordered) else ()
    everywhere = {group: _rows(group in inside for inside in nesting) for group in read}
    memberships = Flattened(direct, {}, everywhere)
    return Snapshot(now, people, groups, memberships, products, whole=False)


def _rows(inside: Iterable[bool]) -> Rows:
    return np.flatnonzero(np.fromiter(inside, np.bool_)).astype(np.int32)
