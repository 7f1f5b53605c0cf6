"""Notifications are hints; what is not ours changes nothing."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Never
from domain.notification import MAX_BODY, hash_state, read_notifications
from domain.records import Watch
from tests.unit.worlds import guid

WATCH = Watch("sub-1", "users", datetime(2026, 12, 1, tzinfo=UTC), hash_state("our secret"))


def item(kind: str = "User", **changes: Any) -> dict[str, Any]:
    return {
        "changeType": "updated",
        "clientState": "our secret",
        "subscriptionId": "sub-1",
        "resourceData": {"@odata.type": f"#Microsoft.Graph.{kind}", "id": guid("Ada")},
        **changes,
    }


def body(*items: dict[str, Any]) -> bytes:
    return json.dumps({"value": items}).encode()


def test_a_user_is_a_hint() -> None:
    assert read_notifications(body(item()), [WATCH]).people == (guid("Ada"),)


def test_the_members_named_in_a_groups_notification_are_hints_in_graphs_own_shape() -> None:
    members = [{"id": guid("Ada")}, {"id": guid("Ada"), "@removed": "deleted"}, {"id": guid("Ben")}]
    data = {"@odata.type": "#Microsoft.Graph.Group", "id": guid("Team"), "members@delta": members}
    seen = read_notifications(body(item(resourceData=data)), [WATCH])
    assert seen.people == (guid("Ada"), guid("Ben"))
    assert seen.groups == ()


def test_a_group_that_changed_otherwise_is_named_itself() -> None:
    assert read_notifications(body(item("Group")), [WATCH]).groups == (guid("Ada"),)


@pytest.mark.parametrize(
    "foreign",
    [
        {"clientState": "wrong"},
        {"clientState": None},
        {"clientState": ""},
        {"subscriptionId": "unknown"},
    ],
)
def test_what_is_not_ours_is_counted_and_not_read(foreign: dict[str, Any]) -> None:
    seen = read_notifications(body(item(**foreign), item("Group")), [WATCH])
    assert seen.people == ()
    assert seen.rejected == 1
    assert seen.groups == (guid("Ada"),)


def test_without_a_watch_nothing_is_ours_not_even_an_empty_secret() -> None:
    blank = Watch("sub-1", "users", WATCH.expires, "")
    assert read_notifications(body(item(clientState="")), [blank]).rejected == 1


def test_lifecycle_events_are_told_apart() -> None:
    event = item(lifecycleEvent="missed", resourceData=None)
    assert read_notifications(body(event), [WATCH]).lifecycle == (("sub-1", "missed"),)


TOO_LARGE = body(item(filler="x" * MAX_BODY))


@pytest.mark.parametrize(
    "bad", [b"", b"{}", b"[]", b"null", b'{"value": 1}', TOO_LARGE, b"[" * 5000]
)
def test_a_body_that_is_none_is_refused(bad: bytes) -> None:
    with pytest.raises(Never):
        read_notifications(bad, [WATCH])


@given(st.binary(max_size=200))
def test_any_body_is_read_or_refused(data: bytes) -> None:
    with suppress(Never):
        assert read_notifications(data, [WATCH]).people == ()


@given(st.text(max_size=40))
def test_ids_that_are_no_object_ids_are_no_hints(odd: str) -> None:
    data = {"@odata.type": "#Microsoft.Graph.User", "id": odd}
    assert read_notifications(body(item(resourceData=data)), [WATCH]).people == ()
