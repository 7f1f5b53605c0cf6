"""What audit entries say, in all the forms they come in."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from adapters.graph.audits import membership_log
from adapters.graph.client import GraphClient
from domain.errors import Forbidden, Later
from domain.ports import MembershipLog
from tests.unit.adapters_graph.scripted import Scripted

ADA = "11111111-2222-3333-4444-555555555555"
BOSS = "22222222-2222-3333-4444-555555555555"
GROUP = "66666666-7777-8888-9999-000000000abc"
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
BY_ID = {"displayName": "Group.ObjectID", "oldValue": None, "newValue": f'"{GROUP}"'}
MEMBER = {"id": ADA, "type": "User", "modifiedProperties": [BY_ID]}


def entry(at: str = "2026-11-02T12:00:00.7215374Z", **other: Any) -> dict[str, Any]:
    return {
        "activityDisplayName": "Add member to group",
        "activityDateTime": at,
        "result": "success",
        "initiatedBy": {"user": {"id": BOSS}, "app": None},
        "targetResources": [MEMBER],
    } | other


async def log_of(server: Scripted, client: GraphClient, *entries: Any) -> list[MembershipLog]:
    server.say({"value": list(entries)})
    return list(await membership_log(client, GROUP, SINCE))


async def test_the_log_is_asked_for_both_activities_since_a_moment(
    server: Scripted, client: GraphClient
) -> None:
    assert await log_of(server, client) == []
    (request,) = server.seen
    assert request.path == "/v1.0/auditLogs/directoryAudits"
    assert unquote(request.query["$filter"]) == (
        "activityDateTime ge 2026-11-01T00:00:00Z and (activityDisplayName eq 'Add member to "
        "group' or activityDisplayName eq 'Remove member from group')"
    )


async def test_an_addition_names_the_person_the_moment_and_the_user(
    server: Scripted, client: GraphClient
) -> None:
    at = datetime(2026, 11, 2, 12, 0, 0, 721537, tzinfo=UTC)
    expected = MembershipLog(at, ADA, added=True, by=BOSS)
    assert await log_of(server, client, entry()) == [expected]


async def test_a_removal_has_the_group_as_the_old_value(
    server: Scripted, client: GraphClient
) -> None:
    was = {"displayName": "Group.ObjectID", "oldValue": f'"{GROUP.upper()}"', "newValue": None}
    removed = entry(
        activityDisplayName="Remove member from group",
        targetResources=[MEMBER | {"modifiedProperties": [was]}],
    )
    (found,) = await log_of(server, client, removed)
    assert (found.person, found.added) == (ADA, False)


async def test_the_group_may_be_a_target_of_its_own(server: Scripted, client: GraphClient) -> None:
    bare = {"id": ADA, "type": "User", "modifiedProperties": []}
    listed = entry(targetResources=[bare, {"id": GROUP, "type": "Group"}])
    (found,) = await log_of(server, client, listed)
    assert found.person == ADA


@pytest.mark.parametrize(
    ("initiator", "by"),
    [
        ({"user": None, "app": {"appId": None, "displayName": "Some sync"}}, "Some sync"),
        ({"user": {"id": None}, "app": None}, ""),
        ({"user": None, "app": None}, ""),
        (None, ""),
    ],
)
async def test_an_app_is_named_and_nobody_is_empty(
    server: Scripted, client: GraphClient, initiator: Any, by: str
) -> None:
    (found,) = await log_of(server, client, entry(initiatedBy=initiator))
    assert found.by == by


@pytest.mark.parametrize(
    "other",
    [
        {"result": "failure"},
        {"targetResources": []},
        {"targetResources": None},
        {"targetResources": [MEMBER | {"type": "ServicePrincipal"}]},
        {"targetResources": [MEMBER | {"id": None}]},
        {"targetResources": [MEMBER | {"modifiedProperties": None}]},
        {"targetResources": [MEMBER | {"modifiedProperties": [BY_ID | {"newValue": '"x"'}]}]},
        {"targetResources": [MEMBER | {"modifiedProperties": [BY_ID | {"newValue": '"'}]}]},
        {"activityDateTime": "2026-10-31T23:59:59.9Z"},
    ],
    ids=str,
)
async def test_what_is_not_about_a_person_in_this_group_is_left_out(
    server: Scripted, client: GraphClient, other: dict[str, Any]
) -> None:
    assert await log_of(server, client, entry(**other)) == []


async def test_the_oldest_comes_first_over_all_pages(server: Scripted, client: GraphClient) -> None:
    link = f"{server.url}/v1.0/auditLogs/directoryAudits?$skiptoken=2"
    server.say({"value": [entry("2026-11-04T00:00:00Z")], "@odata.nextLink": link})
    server.say({"value": [entry("2026-11-03T00:00:00Z"), entry("2026-11-02T00:00:00Z")]})
    log = await membership_log(client, GROUP, SINCE)
    assert [one.at.day for one in log] == [2, 3, 4]


async def test_an_entry_without_a_moment_is_not_left_out(
    server: Scripted, client: GraphClient
) -> None:
    with pytest.raises(Later):
        await log_of(server, client, entry(activityDateTime=None))


@pytest.mark.parametrize(
    "code",
    [
        "Authorization_RequestDenied",
        "Authentication_MSGraphPermissionMissing",
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    ],
)
async def test_every_refusal_of_the_log_is_forbidden(
    server: Scripted, client: GraphClient, code: str
) -> None:
    server.say({"error": {"code": code, "message": "No."}}, status=403)
    with pytest.raises(Forbidden) as error:
        await membership_log(client, GROUP, SINCE)
    assert "AuditLog.Read.All" in error.value.fix


async def test_the_logs_own_limit_is_short(server: Scripted, client: GraphClient) -> None:
    server.say({"error": {"code": "TooManyRequests", "message": "Wait."}}, status=429)
    with pytest.raises(Later) as error:
        await membership_log(client, GROUP, SINCE)
    assert error.value.after == 10
