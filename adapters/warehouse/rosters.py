"""Groups and their members on file, and the changes to them, merged as sorted edges.

An edge is one number, the group above and the member below, so five million of them merge in one
sort. Members who are not known people (not yet read, deleted, or devices) are kept by id beside the
others: they become members as soon as their page comes. So who is deleted and restored is back in
her groups, and only Graph's word about a group ends a membership.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from adapters.warehouse.search import ID, Ids, find, ids_of
from domain.group import Group
from domain.membership import Memberships
from domain.people import Rows
from domain.ports import GroupsPage

type _Edges = NDArray[np.int64]
type _Codes = NDArray[np.int32]

_SHIFT = 32
_LOW = np.int64((1 << _SHIFT) - 1)


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

    def __init__(self, base: Rosters) -> None:
        self._base = base
        self._groups = dict(base.groups)
        self._nested = {group: set(members) for group, members in base.nested.items()}
        self._codes: dict[str, int] = {}
        self._members: list[Ids] = []
        self._of: list[_Codes] = []
        self._joined: list[NDArray[np.bool_]] = []
        self._count = 0
        self._cleared: dict[str, int] = {}
        """Group -> how many edges had been read when it was gone; they are void."""
        self._changed = False

    def add(self, page: GroupsPage) -> None:
        """Take in a page; the last word about a member counts."""
        self._changed = self._changed or bool(page.groups or page.gone)
        for change in page.groups:
            group = change.group.id
            self._groups[group] = change.group
            self._add(group, change.joined, joined=True)
            self._add(group, change.left, joined=False)
            if change.nested or change.unnested:
                nested = self._nested.setdefault(group, set())
                nested.update(change.nested)
                nested.difference_update(change.unnested)
        for gone in page.gone:
            self._lose(gone)

    def merge(self, before: Ids, after: Ids) -> Rosters:
        """Return the rosters for the people after the changes.

        Rows on file count in `before`; rows returned count in `after`.
        """
        if not self._changed and np.array_equal(before, after):
            return self._base
        ordered = sorted(self._groups)
        place = {group: number for number, group in enumerate(ordered)}
        members = _Members(after)
        edges = _apply(
            self._base_edges(place, members, before), *self._changed_edges(place, members)
        )
        known = (edges & _LOW) < len(after)
        strangers = _by_group(edges[~known], ordered)
        names = members.strangers()
        return Rosters(
            groups={group: self._groups[group] for group in ordered},
            people=_by_group(edges[known], ordered),
            strangers={
                g: np.sort(names[rows - len(after)]) for g, rows in strangers.items() if len(rows)
            },
            nested={g: tuple(sorted(self._nested[g])) for g in ordered if self._nested.get(g)},
        )

    def _add(self, group: str, people: tuple[str, ...], joined: bool) -> None:
        if not people:
            return
        code = self._codes.setdefault(group, len(self._codes))
        self._members.append(ids_of(people))
        self._of.append(np.full(len(people), code, np.int32))
        self._joined.append(np.full(len(people), joined, np.bool_))
        self._count += len(people)

    def _lose(self, gone: str) -> None:
        self._groups.pop(gone, None)
        self._nested.pop(gone, None)
        for members in self._nested.values():
            members.discard(gone)
        self._cleared[gone] = self._count

    def _base_edges(self, place: Mapping[str, int], members: "_Members", before: Ids) -> _Edges:
        """Return the edges on file that are still good, sorted."""
        row_codes = members.codes(before)
        stays = [g for g in self._base.people if g in place and g not in self._cleared]
        edges = [_edges(place[g], row_codes[self._base.people[g]]) for g in stays]
        strangers = self._base.strangers
        edges += [_edges(place[g], members.codes(strangers[g])) for g in stays if g in strangers]
        # Timsort: nearly all of them are sorted already.
        return np.sort(np.concatenate([np.zeros(0, np.int64), *edges]), kind="stable")

    def _changed_edges(
        self, place: Mapping[str, int], members: "_Members"
    ) -> tuple[_Edges, NDArray[np.bool_]]:
        """Return the edges that were spoken of, sorted, and whether each is there in the end."""
        if not self._members:
            return np.zeros(0, np.int64), np.zeros(0, np.bool_)
        places = np.array([place.get(group, -1) for group in self._codes], np.int64)
        cleared = np.array([self._cleared.get(group, 0) for group in self._codes], np.int64)
        of = np.concatenate(self._of)
        codes = np.concatenate([members.codes(ids) for ids in self._members])
        good = (places[of] >= 0) & (np.arange(self._count) >= cleared[of])
        edges = (places[of] << _SHIFT | codes)[good]
        spoken, backwards = np.unique(edges[::-1], return_index=True)
        return spoken, np.concatenate(self._joined)[good][::-1][backwards]


class _Members:
    """Members as numbers: a person's row, or a number beyond all rows for a stranger."""

    def __init__(self, people: Ids) -> None:
        self._people = people
        self._strangers: dict[bytes, int] = {}

    def codes(self, ids: Ids) -> _Edges:
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


def _edges(group: int, codes: _Edges) -> _Edges:
    return np.int64(group) << _SHIFT | codes


def _apply(base: _Edges, spoken: _Edges, there: NDArray[np.bool_]) -> _Edges:
    """Return the edges on file, less those spoken of, with those of them that are there."""
    kept = np.ones(len(base), np.bool_)
    at = np.searchsorted(base, spoken)
    inside = at < len(base)
    kept[at[inside][base[at[inside]] == spoken[inside]]] = False
    return np.sort(np.concatenate([base[kept], spoken[there]]), kind="stable")


def _by_group(edges: _Edges, groups: list[str]) -> dict[str, Rows]:
    """Return the members of every group, those without any included."""
    bounds = np.searchsorted(edges, np.arange(len(groups) + 1, dtype=np.int64) << _SHIFT)
    members = (edges & _LOW).astype(np.int32)
    return {g: members[bounds[n] : bounds[n + 1]] for n, g in enumerate(groups)}
