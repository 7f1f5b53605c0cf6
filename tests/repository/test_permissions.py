"""Permissions: the table, the page, and what Graph's denials are named by, say the same."""

from pathlib import Path

import pytest

from adapters.graph import permissions
from domain.errors import Never
from domain.kinds import FURTHER
from domain.permissions import FEATURES, OWN, features, needed_by
from simulators.graph.principals import ROLES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text().split("## Who may do what", maxsplit=1)[0]


def _named() -> set[str]:
    """Return every permission that a denial is explained with."""
    values = [value for name, value in vars(permissions).items() if name.isupper()]
    single = {value for value in values if isinstance(value, str)}
    return single | {each for value in values if isinstance(value, dict) for each in value.values()}


def test_the_page_shows_the_table() -> None:
    rows = [line.strip("| \n").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
    assert rows == [
        [
            f"`{name}`",
            each.what,
            ", ".join(f"`{permission}`" for permission in each.permissions) or "none",
            "yes" if each.on else "with `--with`",
            each.without or "nothing works",
        ]
        for name, each in FEATURES.items()
    ]


def test_what_denials_are_named_by_is_in_the_table_and_all_of_it() -> None:
    every = {permission for each in FEATURES.values() for permission in each.permissions}
    assert _named() <= every
    assert {permission for each in OWN for permission in each.permissions} <= _named()


def test_every_further_kind_of_facts_is_a_feature_with_its_own_permissions() -> None:
    for kind in FURTHER:
        assert FEATURES[kind.name].permissions == kind.permissions
        assert FEATURES[kind.name].on == kind.on


def test_the_simulator_knows_every_permission() -> None:
    assert set(needed_by(tuple(FEATURES.values()))) <= set(ROLES)


def test_broad_permissions_are_granted_only_on_request() -> None:
    granted = set(needed_by(features()))
    writing = {permission for permission in granted if "Write" in permission}
    assert writing == {"GroupMember.ReadWrite.All"}
    assert not [permission for permission in granted if permission.startswith("Directory.")]


def test_a_permission_is_told_with_every_feature_it_is_for() -> None:
    needed = needed_by(features(fewer=[each.name for each in FEATURES.values() if each.without]))
    assert needed == {
        "GroupMember.Read.All": ("inventory",),
        "LicenseAssignment.Read.All": ("inventory",),
        "User.Read.All": ("inventory",),
    }
    assert needed_by(features())["Group.Read.All"] == ("watch",)


@pytest.mark.parametrize("names", [{"more": ["x"]}, {"fewer": ["x"]}, {"fewer": ["inventory"]}])
def test_an_unknown_feature_and_a_day_without_inventory_are_refused(
    names: dict[str, list[str]],
) -> None:
    with pytest.raises(Never):
        features(**names)
