"""What is different between two snapshots: who came, left, changed and moved between groups."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domain.inventory import snapshot_diff
from domain.inventory.people import Column, People
from domain.inventory.snapshot_diff import compare
from domain.inventory.texts import Texts
from tests.unit.worlds import group, guid, person, snapshot

NAMES = ("ada", "ben", "cyd", "dan")
WORLDS = st.dictionaries(
    st.sampled_from(NAMES),
    st.tuples(
        st.sampled_from(["Sales", "Legal", None]),
        st.booleans(),
        st.sets(st.sampled_from(["g1", "g2"])),
    ),
)


def world(people: dict[str, Any]) -> Any:
    members = {
        group(name): [who for who, (_, _, groups) in people.items() if name in groups]
        for name in ("g1", "g2")
    }
    return snapshot(
        [
            person(who, department=department, accountEnabled=enabled)
            for who, (department, enabled, _) in people.items()
        ],
        members,
    )


@given(WORLDS, WORLDS)
def test_it_is_what_looking_at_one_person_after_the_other_finds(
    then: dict[str, Any], now: dict[str, Any]
) -> None:
    found = compare(world(then), world(now), ("department", "accountEnabled"))

    assert {each.id for each in found.joined} == {guid(who) for who in now.keys() - then.keys()}
    assert {each.id for each in found.left} == {guid(who) for who in then.keys() - now.keys()}
    stayed = then.keys() & now.keys()
    assert found.changes == {
        "department": sum(then[who][0] != now[who][0] for who in stayed),
        "accountEnabled": sum(then[who][1] != now[who][1] for who in stayed),
    }
    assert found.people_changed == sum(then[who][:2] != now[who][:2] for who in stayed)
    moves = {(each.group, each.id, each.joined) for each in found.moved}
    expected = set()
    for name in ("g1", "g2"):
        before = {who for who in then if name in then[who][2]}
        after = {who for who in now if name in now[who][2]}
        expected |= {(guid(name), guid(who), True) for who in after - before}
        expected |= {(guid(name), guid(who), False) for who in before - after}
    assert moves == expected
    assert (found.memberships_joined, found.memberships_left) == (
        sum(joined for _, _, joined in expected),
        sum(not joined for _, _, joined in expected),
    )


def test_each_change_is_named_with_what_it_was_and_is() -> None:
    then = snapshot([person("ada", department="Sales", userPrincipalName="ada@x")], {})
    now = snapshot([person("ada", department=None, userPrincipalName="ada@y")], {})

    (change,) = compare(then, now).changed

    assert (change.id, change.name, change.attribute) == (guid("ada"), "ada@y", "department")
    assert (change.before, change.after) == ("Sales", "")


def test_groups_that_came_or_went_are_told_even_without_members() -> None:
    then, now = snapshot([], {group("old"): []}), snapshot([], {group("new"): []})
    found = compare(then, now).groups
    assert {(each.name, each.status) for each in found} == {("old", "gone"), ("new", "new")}


def test_the_members_of_one_group_alone() -> None:
    then = snapshot([person("ada")], {group("g1"): [], group("g2"): []})
    now = snapshot([person("ada")], {group("g1"): ["ada"], group("g2"): ["ada"]})
    found = compare(then, now, (), [guid("g1")])
    assert [each.group for each in found.groups] == [guid("g1")]


def test_an_attribute_that_one_of_them_lacks_is_unknown_and_not_unchanged() -> None:
    custom = "extension_0123456789abcdef0123456789abcdef_badge"
    then, now = snapshot([person("ada")], {}), snapshot([person("ada", **{custom: "1"})], {})
    found = compare(then, now, ("department", custom))
    assert custom not in found.changes
    (sentence,) = found.unknown
    assert sentence.startswith(f"{custom} cannot be compared. ")


def test_texts_of_everyone_are_compared_like_any_other() -> None:
    then, now = (
        People(
            np.array([b"a", b"b"], "S36"),
            {
                "mail": Column(
                    Texts(mails, np.array([False, False])), np.arange(2, dtype=np.int32)
                ),
                "userPrincipalName": Column.of(["a@x", "b@x"]),
            },
            {},
        )
        for mails in ("1\0002", "1\0003")
    )
    world = snapshot([], {})
    one, other = (
        type(world)(world.taken_at, each, {}, world.memberships, {}) for each in (then, now)
    )
    (change,) = compare(one, other, ("mail",)).changed
    assert (change.id, change.before, change.after) == ("b", "2", "3")


def test_lists_end_and_numbers_do_not() -> None:
    size = snapshot_diff.LISTED + 5
    many = [person(f"p{n}", department="Sales") for n in range(size)]
    moved = [person(f"p{n}", department="Legal") for n in range(size)]
    nobody = snapshot([], {group("g"): []})
    everyone = snapshot(many, {group("g"): [f"p{n}" for n in range(size)]})
    came = compare(nobody, everyone)
    assert (came.people_joined, len(came.joined)) == (size, snapshot_diff.LISTED)
    assert (came.memberships_joined, len(came.moved)) == (size, snapshot_diff.LISTED)
    changed = compare(everyone, snapshot(moved, {}))
    assert (changed.changes["department"], len(changed.changed)) == (size, snapshot_diff.LISTED)
