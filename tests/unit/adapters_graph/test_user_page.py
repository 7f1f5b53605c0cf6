"""A page read by arrow says what a page read as Python's objects says."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.graph.ahead import NEXT
from adapters.graph.managers import MANAGERS, REMOVED
from adapters.graph.paging import Slice, items_in
from adapters.graph.people import page_in
from adapters.graph.user_page import pages_of
from domain.attributes import MANAGER, SOURCES, source_of
from domain.ports import PeoplePage

COST_CENTER = "extension_0123456789abcdef0123456789abcdef_costCenter"
BADGE, ON_CALL = COST_CENTER.replace("costCenter", "badge"), COST_CENTER.replace("costCenter", "oC")
MAPPED = (
    "employeeOrgData.costCenter",
    "employeeOrgData.division",
    "employeeType",
    "showInAddressList",
)
ALSO = frozenset({MANAGER, COST_CENTER, COST_CENTER.lower(), BADGE, ON_CALL, *MAPPED})
LEFT = {REMOVED: {"reason": "changed"}}

texts = st.one_of(st.none(), st.text(max_size=3))
many = st.one_of(st.none(), st.lists(st.text(max_size=3), max_size=2))
odd: st.SearchStrategy[Any] = st.one_of(
    st.booleans(),
    st.integers(0, 9),
    st.integers(2**63),
    st.floats(0, 9),
    st.text(max_size=3),
    st.lists(st.one_of(st.none(), st.integers()), max_size=2),
)
licenses = st.lists(st.fixed_dictionaries({"skuId": st.sampled_from(["e3", "e5"])}), max_size=2)
links = st.lists(st.sampled_from([{"id": "x"}, {"id": "x"} | LEFT, {"id": "y"}]), max_size=3)
plain = {
    "city": texts,
    "businessPhones": many,
    "otherMails": many,
    "accountEnabled": st.one_of(st.none(), st.booleans()),
    "employeeHireDate": st.sampled_from([None, "2026-11-02T00:00:00Z"]),
    "onPremisesExtensionAttributes": st.one_of(
        st.none(), st.dictionaries(st.just("extensionAttribute7"), texts)
    ),
    COST_CENTER.upper().replace("EXTENSION", "extension"): texts,
    BADGE: st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    ON_CALL: st.one_of(st.none(), st.booleans()),
    "showInAddressList": st.one_of(st.none(), st.booleans()),
    "employeeType": texts,
    "employeeOrgData": st.one_of(
        st.none(), st.dictionaries(st.sampled_from(["costCenter", "division"]), texts)
    ),
    "assignedLicenses": st.one_of(st.none(), licenses),
    MANAGERS: links,
    "nobodyAsked": st.dictionaries(st.text(max_size=3), texts, max_size=2),
}
names = st.sampled_from(
    sorted({source_of(name).split(".")[0] for name in (*SOURCES, *ALSO)} - {"id", MANAGER})
)
ids = st.fixed_dictionaries({"id": st.sampled_from("abcdef")}, optional=plain)
users = st.one_of(
    ids,
    st.fixed_dictionaries({"id": st.sampled_from("abcdef"), REMOVED: st.just(LEFT[REMOVED])}),
    st.builds(lambda user, more: user | more, ids, st.dictionaries(names, odd, max_size=1)),
)


def said(page: PeoplePage) -> object:
    cells = {name: list(column) for name, column in page.cells.items()}
    products = [list(held) for held in page.products]
    return page.ids, cells, products, page.gone, page.managers


def content_of(users: list[Any], link: str = "more") -> bytes:
    return json.dumps({"value": users, NEXT: link}).encode()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(users, max_size=4), min_size=1, max_size=3),
    st.sampled_from([frozenset[str](), ALSO]),
)
def test_both_say_the_same(pages: list[list[dict[str, Any]]], also: frozenset[str]) -> None:
    contents = [content_of(users, str(at)) for at, users in enumerate(pages)]
    found = pages_of(contents, also)
    if found is not None:
        plainly = [page_in(items_in(content).items, also) for content in contents]
        assert [said(each.items) for each in found] == [said(each) for each in plainly]
        ends = [(str(at), None) for at in range(len(pages))]
        assert [(each.next, each.end) for each in found] == ends


ADA = {"id": "ada", "city": "Oslo", "businessPhones": ["1", "2"], "otherMails": []}
EVE = {"id": "eve", "employeeType": "Intern", "employeeOrgData": {"costCenter": "CC-7"}}
BEN = {"id": "ben", MANAGERS: [{"id": "ada"}], COST_CENTER.lower(): "7"}


def one_of(users: list[Any], also: frozenset[str]) -> Slice[PeoplePage] | None:
    found = pages_of([json.dumps({"value": users}).encode()], also)
    return found[0] if found else None


def test_what_graph_documents_is_read_here() -> None:
    page = one_of([ADA, {"id": "c"} | LEFT, BEN], ALSO)
    assert page
    assert page.items.ids == ("ada", "ben")
    assert page.items.gone == ("c",)
    assert list(page.items.cells[COST_CENTER]) == [None, "7"]
    assert [person.attributes["telephoneNumber"] for person in page.items.people()] == ["1", None]


def test_a_property_that_two_rules_spell_in_two_ways_is_both_of_theirs() -> None:
    spellings = [COST_CENTER, COST_CENTER.lower(), COST_CENTER.replace("cost", "Cost")]
    page = one_of([ADA, BEN], frozenset(spellings))
    assert page
    assert [list(page.items.cells[name]) for name in spellings] == [[None, "7"]] * 3


def test_what_a_mapping_names_is_read_by_its_path() -> None:
    page = one_of([ADA, EVE], frozenset(MAPPED))
    assert page
    read = [list(page.items.cells[name]) for name in MAPPED[:3]]
    assert read == [[None, "CC-7"], [None, None], [None, "Intern"]]


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ([None, 7, 2**63 - 1, -1], [None, "7", "9223372036854775807", "-1"]),
        ([True, None, False], ["true", None, "false"]),
        (["2026-11-02T00:00:00Z", ""], ["2026-11-02T00:00:00Z", ""]),
    ],
)
@pytest.mark.parametrize("name", [BADGE, "showInAddressList", "employeeOrgData.costCenter"])
def test_numbers_and_flags_are_read_here_as_texts(
    name: str, values: list[Any], read: list[str | None]
) -> None:
    outer, _, inner = name.partition(".")
    users = [
        {"id": str(at), outer: {inner: value} if inner else value}
        for at, value in enumerate(values)
    ]
    page = one_of(users, frozenset({name}))
    assert page
    assert list(page.items.cells[name]) == read


@pytest.mark.parametrize("values", [[7, "7"], [True, 1], [2**63], [1.5], [["a"]]])
def test_values_of_several_types_are_left_to_whoever_reads_anything(values: list[Any]) -> None:
    users = [{"id": str(at), BADGE: value} for at, value in enumerate(values)]
    assert one_of(users, frozenset({BADGE})) is None


@pytest.mark.parametrize("also", [{"a.b.c"}, {"employeeOrgData", "employeeOrgData.division"}])
def test_a_path_of_another_shape_is_left_to_whoever_reads_anything(also: set[str]) -> None:
    assert one_of([ADA], frozenset(also)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"value": null}',
        b'{"value": [{"id": "ada"}',
        b'{"value": [{"id": "ada"}]} {"value": []}',
        b'{"value": [{"id": "ada"}, {"id": "ada"}]}',
        b'{"value": [{"id": null}]}',
        b'{"value": [null]}',
        b'{"value": [{"id": "ada", "city": 7}]}',
        b'{"value": [{"id": "ada", "otherMails": [null]}]}',
        b'{"value": [{"id": "ada", "city": "\xff"}]}',
    ],
)
def test_anything_else_is_left_to_whoever_reads_anything(content: bytes) -> None:
    assert pages_of([content], frozenset()) is None
    assert pages_of([content, content_of([EVE])], frozenset()) is None
    assert pages_of([content_of([EVE]), content], frozenset()) is None


@pytest.mark.parametrize(
    "cut",
    [
        (b'{"value": [{"id": "a"},', b'{"id": "b"}]}'),
        (b'{"value": [{"id": "a"},', b'{"id": "b"}]}{"value": []}'),
        (b'{"value": [{"id": "a"}', b'{"id": "b"}]}'),
        (b'{"value": [{"id": "a", "city": "', b'{"}]}'),
        (b'{"value": [{"id": "a", "odd": ', b'{"value": []}}]}'),
        (b'{"value": [{"id": "a"}]', b"{}}"),
        (b'{"value": []}{"value": []}', b"{"),
        (b'{"value": []}{"value": []}{"value": []}', b""),
        (b'{"value": []} {"value": []}', b'{"value": []}'),
    ],
)
def test_no_page_is_taken_for_a_part_of_another(cut: tuple[bytes, bytes]) -> None:
    assert pages_of(cut, frozenset()) is None
    assert pages_of([*cut, content_of([EVE])], frozenset()) is None


def test_who_is_on_two_pages_has_them_read_one_by_one() -> None:
    contents = [content_of([ADA]), content_of([BEN, ADA | LEFT])]
    assert pages_of(contents, frozenset()) is None
    assert all(pages_of([content], frozenset()) for content in contents)


def test_nobody_at_all_is_read_here() -> None:
    found = pages_of([content_of([]), content_of([ADA]), content_of([])], frozenset())
    assert found
    assert [each.items.ids for each in found] == [(), ("ada",), ()]
