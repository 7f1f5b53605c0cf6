"""Kinds of facts: found by being there, documented, and asking for no more than they need."""

import pytest

from domain.errors import Never
from domain.kinds import CORE, FURTHER, KINDS, Kind, Type, kind_named


def test_the_core_is_what_a_snapshot_is_made_of() -> None:
    assert [kind.name for kind in CORE] == [
        "flattened",
        "groups",
        "memberships",
        "nested",
        "people",
        "products",
    ]
    assert len(FURTHER) >= 9


@pytest.mark.parametrize("kind", KINDS.values(), ids=[*KINDS])
def test_every_column_says_what_it_is_in_one_line(kind: Kind) -> None:
    assert kind.columns
    for column in kind.columns:
        assert column.what
        assert column.what.isprintable()
        assert isinstance(column.type, Type)
    names = [column.name for column in kind.columns]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", FURTHER, ids=[kind.name for kind in FURTHER])
def test_what_is_on_by_default_needs_no_permission_that_the_core_does_not(kind: Kind) -> None:
    of_the_core = {permission for each in CORE for permission in each.permissions}
    assert kind.on == (set(kind.permissions) <= of_the_core)


def test_settings_and_timers_are_named_after_the_kind() -> None:
    kind = KINDS["sign_ins"]
    assert kind.switch == "INVENTORY_SIGN_INS"
    assert kind.schedule == "INVENTORY_SIGN_INS_SCHEDULE"
    assert kind.timer == "inventory_sign_ins"


def test_types_follow_from_the_rows() -> None:
    types = {column.name: column.type for column in KINDS["assignments"].columns}
    assert types["holder"] == types["group"] == Type.TEXT
    assert types["updated"] == Type.MOMENT
    assert types["enabled"] == Type.TEXTS
    assert {column.type for column in KINDS["usage"].columns} >= {Type.DAY, Type.FLAG}
    assert {column.type for column in KINDS["subscriptions"].columns} >= {Type.NUMBER}


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Never, match=r"no kind of facts 'licenses'.*assignments, catalog"):
        kind_named("licenses")
