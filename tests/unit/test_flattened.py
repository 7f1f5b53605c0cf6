"""Memberships flattened: everyone in a group once, by a shortest way that is there."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.errors import Held
from domain.inventory.flattened import LONGEST, flattened
from domain.inventory.membership import Memberships
from domain.inventory.nested_sizes import sizes_of
from domain.inventory.people import Rows
from domain.kinds import KINDS
from domain.sheets import READERS, part_of
from tests.unit.office import Office
from tests.unit.worlds import group, guid, person, snapshot

KIND = KINDS["flattened"]
PEOPLE = ("Ada", "Ben", "Cyd")
GROUPS = ("g0", "g1", "g2", "g3", "g4")

type Nesting = Mapping[str, tuple[str, ...]]
"""Group -> the names of the people and the groups in it."""

nestings = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from([*PEOPLE, *GROUPS]), unique=True).map(tuple) for name in GROUPS}
)


def rows_of(members: Nesting, size: int = 100) -> list[tuple[Any, ...]]:
    world = snapshot([person(name) for name in PEOPLE], {group(g): members[g] for g in members})
    count = READERS["flattened"].count(world)
    parts = [
        list(zip(*sheet.cells, strict=True))
        for start in range(0, count, size)
        for sheet in part_of(KIND, world, start, min(count, start + size))
    ]
    return [row for part in parts for row in part]


def distances(members: Nesting, outer: str) -> dict[str, int]:
    """Return how many groups are at least between each person and a group, one round at a time."""
    found: dict[str, int] = {}
    here = {outer}
    for between in range(len(GROUPS)):
        inside = {name for each in here for name in members[each]}
        found |= dict.fromkeys(inside.intersection(PEOPLE) - found.keys(), between)
        here = inside.intersection(GROUPS)
    return found


A_LONG_WAY_AND_A_SHORT_ONE: Nesting = {
    "g0": ("g1", "g2"),
    "g1": ("g4",),
    "g2": ("g3",),
    "g3": ("g4",),
    "g4": ("Ada",),
}


@given(nestings, st.integers(1, 4))
@example(A_LONG_WAY_AND_A_SHORT_ONE, 100)
def test_everyone_is_in_a_group_once_by_a_shortest_way_that_is_there(
    members: Nesting, size: int
) -> None:
    inside = {guid(g): {guid(name) for name in members[g]} for g in GROUPS}
    nearest = {guid(g): distances(members, g) for g in GROUPS}
    expected = sorted((g, guid(who), far) for g in nearest for who, far in nearest[g].items())

    rows = rows_of(members, size)

    assert [(g, who, depth) for g, who, depth, _ in rows] == expected
    for outer, who, depth, via in rows:
        assert len(via) == depth
        way = (who, *via, outer)
        assert all(one in inside[outside] for one, outside in pairwise(way))


@given(nestings)
def test_a_group_has_the_people_that_decisions_count_in_it(members: Nesting) -> None:
    world = snapshot([person(name) for name in PEOPLE], {group(g): members[g] for g in GROUPS})
    found: dict[str, set[str]] = {guid(g): set() for g in GROUPS}
    for outer, who, *_ in rows_of(members):
        found[outer].add(who)
    for outer, people in found.items():
        assert set(world.people.names(world.memberships.everyone(outer))) == people


def test_the_way_is_told_from_the_group_she_is_in_outwards() -> None:
    all_in = {"g0": ("g1",), "g1": ("g2", "Ben"), "g2": ("Ada", "g0")}
    of_all = [(depth, via) for g, who, depth, via in rows_of(all_in) if g == guid("g0")]
    ada, ben = (2, (guid("g2"), guid("g1"))), (1, (guid("g1"),))
    assert sorted(of_all) == [ben, ada]


def test_a_group_that_nobody_read_is_not_an_empty_one() -> None:
    world = snapshot([person("Ada")], {group("g0"): ("Ada",)})
    unread = Memberships(world.memberships.people, {guid("g0"): ("not-read",)})
    with pytest.raises(Held, match="Group not-read is not in the directory, or was never read"):
        _ = unread.sizes


@given(nestings, st.integers(0, 6))
def test_sizes_are_the_same_whatever_is_kept_to_be_used_again(members: Nesting, most: int) -> None:
    world = snapshot([person(name) for name in PEOPLE], {group(g): members[g] for g in GROUPS})
    one_by_one = {g: len(world.memberships.everyone(g)) for g in world.memberships.people}
    assert sizes_of(world.memberships) == one_by_one
    assert sizes_of(world.memberships, most) == one_by_one


class _Counting(dict[str, Rows]):
    """Counts how often somebody asks who is directly in a group."""

    asked = 0

    def __getitem__(self, group: str) -> Rows:
        self.asked += 1
        return super().__getitem__(group)


def chain(length: int, *, closed: bool = False) -> Memberships:
    """Return groups, each with a person of her own and the next group in it."""
    names = [f"{n:05d}" for n in range(length)]
    people = _Counting({name: np.array([n], np.int32) for n, name in enumerate(names)})
    nested = {outer: (inner,) for outer, inner in pairwise(names)}
    return Memberships(people, nested | ({names[-1]: (names[0],)} if closed else {}))


@pytest.mark.parametrize("closed", [False, True])
def test_a_chain_of_thousands_is_counted_in_as_many_steps(closed: bool) -> None:
    long = chain(5_000, closed=closed)
    expected = [5_000] * 5_000 if closed else range(5_000, 0, -1)
    assert long.sizes.tolist() == [*expected]
    assert isinstance(long.people, _Counting)
    assert long.people.asked == 5_000


def test_what_is_not_kept_is_looked_for_anew() -> None:
    few = chain(50)
    assert [*sizes_of(few, most=5).values()] == [*range(1, 51)]
    assert isinstance(few.people, _Counting)
    assert few.people.asked > 1_000


def test_of_a_way_longer_than_any_real_one_the_first_groups_are_told_and_its_whole_depth() -> None:
    found = flattened(chain(1_000), "00000")
    assert found.depths[found.inside].tolist() == [*range(1_000)]
    ways = [found.via(number) for number in found.inside.tolist()]
    assert [len(way) for way in ways] == [min(n, LONGEST) for n in range(1_000)]
    assert ways[3] == ("00003", "00002", "00001")
    assert ways[999] == tuple(f"{999 - n:05d}" for n in range(LONGEST))


async def test_explain_says_through_which_groups_somebody_is_in_a_source_group() -> None:
    office = Office()
    tenant = office.tenant
    outer, middle, inner = (tenant.add_group(name) for name in ("Staff", "Sales", "Sales-North"))
    tenant.join(outer, middle)
    tenant.join(middle, inner)
    ada = await office.hire("Ada", "Legal", inner)
    ben = await office.hire("Ben", "Legal", outer)
    await office.offer("e5", policy={"groups": [{"id": outer}]})
    await office.run()

    told = {who: await office.jobs.explain(who) for who in (ada, ben)}

    why = {who: each.bundles[0].why for who, each in told.items() if each}
    through = f", through Sales-North ({inner}) in Sales ({middle})"
    assert why[ada] == f"in group Staff ({outer}){through}"
    assert why[ben] == f"in group Staff ({outer})"
