"""Pages of groups read by arrow say what they say read as Python's objects."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.graph.ahead import NEXT
from adapters.graph.group_items import GROUP, MEMBERS, TYPE, USER
from adapters.graph.group_page import pages_of
from adapters.graph.groups import plainly
from adapters.graph.managers import REMOVED
from adapters.graph.paging import Slice
from domain.errors import Later
from domain.ports import GroupsPage

LEFT = {REMOVED: {"reason": "changed"}}

texts = st.text(max_size=3)
flags = st.sampled_from([None, True, False])
odd: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(0, 9), texts, st.lists(st.one_of(st.none(), texts))
)
people = st.fixed_dictionaries({"id": st.sampled_from("xyz"), TYPE: st.just(USER)})
others = st.fixed_dictionaries(
    {"id": st.sampled_from("xyz")},
    optional={
        TYPE: st.sampled_from([USER, GROUP, "#microsoft.graph.device", None]),
        REMOVED: st.sampled_from([{"reason": "deleted"}, {}, None]),
    },
)
licenses = st.fixed_dictionaries(
    {"skuId": st.sampled_from(["e3", "e5"])},
    optional={"disabledPlans": st.one_of(st.none(), st.lists(texts, max_size=2))},
)
plain = {
    "displayName": st.one_of(st.none(), texts),
    "groupTypes": st.one_of(st.none(), st.lists(texts, max_size=2)),
    "mailEnabled": flags,
    "securityEnabled": flags,
    "onPremisesSyncEnabled": flags,
    "isAssignableToRole": flags,
    "assignedLicenses": st.one_of(st.none(), st.lists(licenses, max_size=2)),
    MEMBERS: st.one_of(st.none(), st.lists(people, max_size=4)),
    "nobodyAsked": odd,
}
groups = st.fixed_dictionaries({"id": st.sampled_from("abc")}, optional=plain)
unusual = st.one_of(
    st.builds(lambda group, of: group | {MEMBERS: of}, groups, st.lists(others, max_size=3)),
    st.builds(lambda group, of: group | {REMOVED: of}, groups, st.sampled_from([{}, None])),
    st.builds(
        lambda group, name, value: group | {name: value}, groups, st.sampled_from([*plain]), odd
    ),
)
some = st.one_of(st.lists(groups, max_size=3), st.lists(st.one_of(groups, unusual), max_size=3))


def content_of(items: Any, link: str = "more") -> bytes:
    return json.dumps({"value": items, NEXT: link}).encode()


async def one_by_one(contents: list[bytes]) -> list[Slice[GroupsPage]]:
    return [await plainly(content) for content in contents]


@settings(max_examples=60, deadline=None)
@given(st.lists(some, min_size=1, max_size=3))
async def test_both_say_the_same(pages: list[list[dict[str, Any]]]) -> None:
    contents = [content_of(groups, str(at)) for at, groups in enumerate(pages)]
    found = pages_of(contents)
    if found is not None:
        assert found == await one_by_one(contents)


TEAM = {
    "id": "team",
    "displayName": "Team",
    "groupTypes": ["Unified"],
    "mailEnabled": True,
    "securityEnabled": False,
    "onPremisesSyncEnabled": None,
    "assignedLicenses": [{"skuId": "e3", "disabledPlans": ["teams"]}, {"skuId": "e5"}],
    MEMBERS: [{TYPE: USER, "id": id} for id in ("x", "y", "x")],
}
BARE = {"id": "bare"}


async def test_who_is_in_which_group_is_read_here() -> None:
    contents = [content_of([TEAM, BARE, TEAM], "2"), content_of([]), content_of([BARE | TEAM])]
    found = pages_of(contents)
    assert found
    assert found == await one_by_one(contents)
    team, bare, _ = found[0].items.groups
    assert (team.joined, bare.joined) == (("x", "y"), ())
    assert (team.group.mail_enabled, bare.group.name) == (True, "")
    assert [each.next for each in found] == ["2", "more", "more"]


@pytest.mark.parametrize(
    "item",
    [
        BARE | LEFT,
        BARE | {REMOVED: None},
        BARE | {MEMBERS: [{"id": "x", TYPE: USER} | LEFT]},
        BARE | {MEMBERS: [{"id": "x", TYPE: GROUP}]},
        BARE | {MEMBERS: [{"id": "x", TYPE: USER}, {"id": "y"}]},
        BARE | {MEMBERS: [None]},
        BARE | {"displayName": 7},
        BARE | {"assignedLicenses": [None]},
        BARE | {"assignedLicenses": [{}]},
        {},
        {"id": None},
        None,
    ],
)
def test_anything_else_is_left_to_whoever_reads_anything(item: Any) -> None:
    assert pages_of([content_of([item])]) is None
    assert pages_of([content_of([TEAM]), content_of([TEAM, item])]) is None


async def test_a_member_of_no_kind_is_no_member_of_none() -> None:
    content = content_of([BARE | {MEMBERS: [{"id": "x"}]}])
    assert pages_of([content]) is None
    with pytest.raises(Later, match="kind of member"):
        await plainly(content)
