"""What Graph says, in our words."""

import pytest

from adapters.graph.groups import _change_of, group_of
from adapters.graph.licenses import state_of
from adapters.graph.people import SELECT, person_of
from domain.attributes import SOURCES
from domain.errors import Later
from domain.group import Group
from domain.outcome import LicenseError, LicenseState

USER = "#microsoft.graph.user"
GROUP = "#microsoft.graph.group"
REMOVED = {"@removed": {"reason": "deleted"}}


def test_every_property_behind_an_attribute_is_selected_once() -> None:
    names = SELECT.removeprefix("$select=").split(",")
    assert {source.split(".")[0] for source in SOURCES.values()} <= set(names)
    assert len(set(names)) == len(names)


def test_a_property_graph_did_not_send_is_none() -> None:
    person = person_of({"id": "a", "department": "Finance", "accountEnabled": False})
    assert person.attributes["department"] == "Finance"
    assert person.attributes["accountEnabled"] is False
    assert person.attributes["city"] is None
    assert person.attributes["extensionAttribute1"] is None
    assert person.products == ()


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
    change = _change_of({"id": "g", "members@delta": members})
    assert change.joined == ("ada",)
    assert change.left == ("ben", "whoever")
    assert change.nested == ("inner",)
    assert change.unnested == ("former", "whoever")


def test_a_member_of_no_known_kind_is_not_left_out_silently() -> None:
    with pytest.raises(Later):
        _change_of({"id": "g", "members@delta": [{"id": "whoever"}]})


def test_of_one_member_twice_in_a_slice_the_last_word_counts() -> None:
    ada = {"@odata.type": USER, "id": "ada"}
    assert _change_of({"id": "g", "members@delta": [ada, ada | REMOVED]}).left == ("ada",)
    assert _change_of({"id": "g", "members@delta": [ada | REMOVED, ada]}).joined == ("ada",)


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
