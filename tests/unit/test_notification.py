"""Notifications are hints; what is not ours changes nothing."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Never
from domain.records import Watch
from domain.watching.notice import Mention, What
from domain.watching.notification import MAX_BODY, Notified, hash_state, ours, read_body
from tests.unit.worlds import guid

NOW = datetime(2026, 11, 30, tzinfo=UTC)
WATCH = Watch("sub-1", "users", datetime(2026, 12, 1, tzinfo=UTC), hash_state("our secret"))


def read(body: bytes, *watches: Watch) -> Notified:
    return ours(read_body(body), watches or [WATCH], NOW)


def people(seen: Notified) -> list[str]:
    return [told.id for told in seen.mentions if told.what is What.PERSON]


def groups(seen: Notified) -> list[str]:
    return [told.id for told in seen.mentions if told.what is What.GROUP]


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
    seen = read(body(item(), item()))
    assert seen.mentions == (Mention(What.PERSON, guid("Ada")),) * 2
    assert seen.counts == {"users": 2}


def test_the_members_named_in_a_groups_notification_are_hints_in_graphs_own_shape() -> None:
    members: list[dict[str, Any]] = [{"id": guid("Ada")}]
    members += [{"id": guid("Ben"), "@removed": "deleted"}]
    members += [{"id": guid("Cleo"), "@removed": {"reason": "deleted"}}]
    data = {"@odata.type": "#Microsoft.Graph.Group", "id": guid("Team"), "members@delta": members}
    assert set(read(body(item(resourceData=data))).mentions) == {
        Mention(What.JOINED, guid("Ada"), guid("Team")),
        Mention(What.LEFT, guid("Ben"), guid("Team")),
        Mention(What.LEFT, guid("Cleo"), guid("Team")),
    }


def test_a_group_that_changed_otherwise_is_named_itself() -> None:
    assert groups(read(body(item("Group")))) == [guid("Ada")]


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
    seen = read(body(item(**foreign), item("Group")))
    assert people(seen) == []
    assert seen.rejected == 1
    assert groups(seen) == [guid("Ada")]


def test_without_a_watch_nothing_is_ours_not_even_an_empty_secret() -> None:
    blank = Watch("sub-1", "users", WATCH.expires, "")
    assert read(body(item(clientState="")), blank).rejected == 1


@pytest.mark.parametrize(("tenant", "rejected"), [("t-1", 0), ("T-1", 0), ("t-2", 1), (None, 1)])
def test_a_foreign_tenant_is_not_ours_even_with_our_secret(
    tenant: str | None, rejected: int
) -> None:
    mine = replace(WATCH, tenant="t-1")
    assert read(body(item(tenantId=tenant)), mine).rejected == rejected


@pytest.mark.parametrize(("after", "rejected"), [(1, 0), (0, 1), (-1, 1)])
def test_the_secret_of_a_watch_that_was_replaced_is_taken_for_a_while(
    after: int, rejected: int
) -> None:
    old = replace(WATCH, until=NOW + timedelta(seconds=after))
    assert read(body(item()), old).rejected == rejected


def test_when_a_change_happened_is_read_where_graph_says_it() -> None:
    data = item()["resourceData"] | {"eventTime": "2026-11-29T23:59:50.2455823Z"}
    ((resource, happened),) = read(body(item(resourceData=data), item())).happened
    assert resource == "users"
    assert NOW - happened == timedelta(seconds=9.754418)


def test_lifecycle_events_are_told_apart() -> None:
    event = item(lifecycleEvent="missed", resourceData=None)
    assert read(body(event)).lifecycle == (("sub-1", "missed"),)


TOO_LARGE = body(item(filler="x" * MAX_BODY))


@pytest.mark.parametrize(
    "bad", [b"", b"{}", b"[]", b"null", b'{"value": 1}', TOO_LARGE, b"[" * 5000]
)
def test_a_body_that_is_none_is_refused(bad: bytes) -> None:
    with pytest.raises(Never):
        read(bad)


@given(st.binary(max_size=200))
def test_any_body_is_read_or_refused(data: bytes) -> None:
    with suppress(Never):
        assert read(data).mentions == ()


@given(st.text(max_size=40))
def test_ids_that_are_no_object_ids_are_no_hints(odd: str) -> None:
    data = {"@odata.type": "#Microsoft.Graph.User", "id": odd}
    assert read(body(item(resourceData=data))).mentions == ()
