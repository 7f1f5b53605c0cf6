"""What Graph says, in our words."""

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.graph.group_items import change_of, group_of
from adapters.graph.licenses import state_of
from adapters.graph.managers import manager_changes
from adapters.graph.persons import person_of, properties
from domain.attributes import MANAGER, SOURCES
from domain.errors import Later
from domain.inventory.group import Group
from domain.outcome import LicenseError, LicenseState
from domain.ports.directory import ManagerChange

USER = "#microsoft.graph.user"
GROUP = "#microsoft.graph.group"
REMOVED = {"@removed": {"reason": "deleted"}}
NOTHING: frozenset[str] = frozenset()
EXTENSION = "extension_0123456789abcdef0123456789abcdef_costCenter"


def test_every_property_behind_an_attribute_is_selected_once() -> None:
    usual = properties(NOTHING).split(",")
    assert {source.split(".")[0] for source in SOURCES.values()} <= set(usual)
    assert len(set(usual)) == len(usual)

    also = properties(frozenset({MANAGER, "assignedPlans", EXTENSION, "department"})).split(",")
    assert set(also) - set(usual) == {MANAGER, "assignedPlans", EXTENSION}
    assert len(set(also)) == len(also)


def test_what_rules_spell_in_two_ways_is_asked_for_once() -> None:
    asked = properties(frozenset({EXTENSION, EXTENSION.lower()})).split(",")
    assert [name.lower() for name in asked].count(EXTENSION.lower()) == 1


def test_a_property_graph_did_not_send_is_none() -> None:
    user = {"id": "a", "department": "Finance", "accountEnabled": False}
    person = person_of(user, frozenset({EXTENSION, "assignedPlans"}))
    assert person.attributes[EXTENSION] is None
    assert person.attributes["proxyAddresses"] == person.attributes["assignedPlans"] == ()
    assert person.attributes["department"] == "Finance"
    assert person.attributes["accountEnabled"] is False
    assert person.attributes["city"] is None
    assert person.attributes["extensionAttribute1"] is None
    assert person.products == ()


def test_an_extension_in_graphs_spelling_is_found_by_that_of_a_rule() -> None:
    spelled = EXTENSION.replace("costCenter", "COSTCENTER")
    person = person_of({"id": "a", spelled: "4711"}, frozenset({EXTENSION, spelled}))
    assert person.attributes[EXTENSION] == person.attributes[spelled] == "4711"


def test_a_bare_group_is_fit_for_nothing() -> None:
    group = group_of({"id": "g"})
    assert group == Group("g", "", security_enabled=False)
    assert group.unfit_as_target()


def test_members_are_told_apart_by_their_type() -> None:
    members = [
        {"@odata.type": USER, "id": "ada"},
        {"@odata.type": USER, "id": "ben"} | REMOVED,
        {"@odata.type": GROUP, "id": "inner"},
        {"@odata.type": GROUP, "id": "former"} | REMOVED,
        {"@odata.type": "#microsoft.graph.device", "id": "laptop"},
        {"@odata.type": "#microsoft.graph.device", "id": "scrap"} | REMOVED,
        {"id": "whoever"} | REMOVED,
    ]
    change = change_of({"id": "g", "members@delta": members})
    assert change.joined == ("ada",)
    assert change.left == ("ben", "whoever")
    assert change.nested == ("inner",)
    assert change.unnested == ("former", "whoever")


def test_a_member_of_no_known_kind_is_not_left_out_silently() -> None:
    with pytest.raises(Later):
        change_of({"id": "g", "members@delta": [{"id": "whoever"}]})


def test_of_one_member_twice_in_a_slice_the_last_word_counts() -> None:
    ada = {"@odata.type": USER, "id": "ada"}
    assert change_of({"id": "g", "members@delta": [ada, ada | REMOVED]}).left == ("ada",)
    assert change_of({"id": "g", "members@delta": [ada | REMOVED, ada]}).joined == ("ada",)


def test_who_is_manager_no_more_is_said_before_who_is() -> None:
    eve, fay = {"@odata.type": USER, "id": "eve"}, {"@odata.type": USER, "id": "fay"}
    orders: list[list[Mapping[str, Any]]] = [
        [eve, fay | REMOVED],
        [fay | REMOVED, eve],
        [eve | REMOVED, fay | REMOVED, eve],
    ]
    for entries in orders:
        changes = list(manager_changes("ada", entries))
        assert changes == [
            ManagerChange("ada", "fay", ended=True),
            ManagerChange("ada", "eve"),
        ]
    assert list(manager_changes("ada", ())) == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (None, None),
        ("None", None),
        ("", None),
        ("CountViolation", LicenseError.COUNT),
        ("MutuallyExclusiveViolation", LicenseError.EXCLUSIVE),
        ("DependencyViolation", LicenseError.DEPENDENCY),
        ("ProhibitedInUsageLocationViolation", LicenseError.LOCATION),
        ("UniquenessViolation", LicenseError.UNIQUENESS),
        ("Other", LicenseError.OTHER),
        ("Others", LicenseError.OTHER),
        ("SomethingNew", LicenseError.OTHER),
    ],
)
def test_a_license_error_is_read(text: str | None, error: LicenseError | None) -> None:
    state = {"skuId": "s", "assignedByGroup": "g", "state": "Error", "error": text}
    assert state_of(state) == LicenseState("s", "g", active=False, error=error)


@pytest.mark.parametrize(
    ("state", "active"),
    [("Active", True), ("ActiveWithError", False), ("Disabled", False), ("Error", False)],
)
def test_only_active_is_active(state: str, active: bool) -> None:
    assert state_of({"skuId": "s", "state": state}).active is active
