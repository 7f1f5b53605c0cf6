"""Groups and their members on file, and the changes to them, merged as sorted edges.

An edge is one number, the group above and the member below, so five million of them merge in one
sort. Members who are not known people (not yet read, deleted, or devices) are kept by id beside the
others: they become members as soon as their page comes. So who is deleted and restored is back in
her groups, and only Graph's word about a group ends a membership.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from adapters.warehouse.edges import LOW, SHIFT, EdgeCodes, Edges, edges_of
from adapters.warehouse.search import ID, Ids, find
from domain.inventory.group import Group
from domain.inventory.membership import Memberships
from domain.inventory.people import Rows
from domain.ports import GroupChange, GroupsPage


@dataclass(frozen=True, slots=True)
class Rosters:
    """Every group and its members."""

    groups: Mapping[str, Group] = field(default_factory=dict)
    """In order of id."""
    people: Mapping[str, Rows] = field(default_factory=dict)
    strangers: Mapping[str, Ids] = field(default_factory=dict)
    """Group -> members who are not known people; sorted, and only where there are any."""
    nested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def memberships(self) -> Memberships:
        """Return who is where, as the domain wants it."""
        return Memberships(self.people, self.nested)


class GroupChanges:
    """Pages of groups as edges with a sign, until they are merged."""

    def __init__(self) -> None:
        self.edges = Edges()
        self._said: list[tuple[str, GroupChange | None]] = []
        """In order: what a group is like, and groups in it that came or went; None: it is gone."""
        self._last: dict[str, Group] = {}

    def any(self) -> bool:
        """Tell whether anything changed."""
        return bool(self._said)

    def add(self, page: GroupsPage) -> None:
        """Take in a page; the last word about a member counts."""
        for change in page.groups:
            group = change.group.id
            self.edges.add(group, change.joined, joined=True)
            self.edges.add(group, change.left, joined=False)
            if change.nested or change.unnested or self._last.get(group) != change.group:
                self._last[group] = change.group
                self._said.append((group, replace(change, joined=(), left=())))
        for gone in page.gone:
            self._last.pop(gone, None)
            self._said.append((gone, None))
            self.edges.clear(gone)

    def merge(self, base: Rosters, before: Ids, after: Ids) -> Rosters:
        """Return the rosters for the people after the changes.

        Rows on file count in `before`; rows returned count in `after`.
        """
        if not self.any() and np.array_equal(before, after):
            return base
        groups = dict(base.groups)
        nested = {group: set(members) for group, members in base.nested.items()}
        for group, change in self._said:
            if change is None:
                _lose(groups, nested, group)
            else:
                groups[group] = change.group
                nested.setdefault(group, set()).update(change.nested)
                nested[group].difference_update(change.unnested)
        groups = {group: groups[group] for group in sorted(groups)}
        inside = {group: tuple(sorted(nested[group])) for group in groups if nested.get(group)}
        return merged(base, self.edges, groups, inside, before, after)


def _lose(groups: dict[str, Group], nested: dict[str, set[str]], gone: str) -> None:
    groups.pop(gone, None)
    nested.pop(gone, None)
    for members in nested.values():
        members.discard(gone)


def merged(
    base: Rosters,
    changes: Edges,
    groups: Mapping[str, Group],
    nested: Mapping[str, tuple[str, ...]],
    before: Ids,
    after: Ids,
) -> Rosters:
    """Return rosters of these groups, whose edges are those of the base and the changes to them.

    Rows of the base count in `before`; rows returned count in `after`.
    """
    ordered = list(groups)
    place = {group: number for number, group in enumerate(ordered)}
    members = _Members(after)
    kept = _base_edges(base, place, members, before, changes.cleared)
    edges = _apply(kept, *changes.settled(place, members.codes))
    known = (edges & LOW) < len(after)
    strangers = _by_group(edges[~known], ordered)
    names = members.strangers()
    return Rosters(
        groups=groups,
        people=_by_group(edges[known], ordered),
        strangers={
            g: np.sort(names[rows - len(after)]) for g, rows in strangers.items() if len(rows)
        },
        nested=nested,
    )


def _base_edges(
    base: Rosters,
    place: Mapping[str, int],
    members: "_Members",
    before: Ids,
    cleared: Container[str],
) -> EdgeCodes:
    """Return the edges on file that are still good, sorted."""
    row_codes = members.codes(before)
    stays = [g for g in base.people if g in place and g not in cleared]
    edges = [edges_of(place[g], row_codes[base.people[g]]) for g in stays]
    strangers = base.strangers
    edges += [edges_of(place[g], members.codes(strangers[g])) for g in stays if g in strangers]
    # Timsort: nearly all of them are sorted already.
    return np.sort(np.concatenate([np.zeros(0, np.int64), *edges]), kind="stable")


class _Members:
    """Members as numbers: a person's row, or a number beyond all rows for a stranger."""

    def __init__(self, people: Ids) -> None:
        self._people = people
        self._strangers: dict[bytes, int] = {}

    def codes(self, ids: Ids) -> EdgeCodes:
        """Return the numbers of these members."""
        codes, found = find(self._people, ids)
        if not found.all():
            codes[~found] = [self._code(id) for id in ids[~found].tolist()]
        return codes

    def strangers(self) -> Ids:
        """Return the ids of all strangers, in the order of their numbers."""
        return np.array(list(self._strangers), ID)

    def _code(self, id: bytes) -> int:
        return len(self._people) + self._strangers.setdefault(id, len(self._strangers))


def _apply(base: EdgeCodes, spoken: EdgeCodes, there: NDArray[np.bool_]) -> EdgeCodes:
    """Return the edges on file, less those spoken of, with those of them that are there."""
    kept = np.ones(len(base), np.bool_)
    at = np.searchsorted(base, spoken)
    inside = at < len(base)
    kept[at[inside][base[at[inside]] == spoken[inside]]] = False
    return np.sort(np.concatenate([base[kept], spoken[there]]), kind="stable")


def _by_group(edges: EdgeCodes, groups: list[str]) -> dict[str, Rows]:
    """Return the members of every group, those without any included."""
    bounds = np.searchsorted(edges, np.arange(len(groups) + 1, dtype=np.int64) << SHIFT)
    members = (edges & LOW).astype(np.int32)
    return {g: members[bounds[n] : bounds[n + 1]] for n, g in enumerate(groups)}
