"""The audit log of memberships, and its own limit."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import id_of, small_tenant

PATH = "/auditLogs/directoryAudits"
BOTH = (
    "(activityDisplayName eq 'Add member to group' or "
    "activityDisplayName eq 'Remove member from group')"
)


def filtered(text: str, **options: Any) -> str:
    more = "".join(f"&${name}={value}" for name, value in options.items())
    return f"{PATH}?$filter={quote(text, safe='')}{more}"


async def add(graph: Simulation, *names: str, to: str = "plain") -> None:
    bound = {"members@odata.bind": [f"x/users/{id_of(name)}" for name in names]}
    assert (await graph.call("PATCH", f"/groups/{id_of(to)}", bound))[0] == 204


async def entries(graph: Simulation, path: str = PATH) -> list[Any]:
    value = (await graph.get(path))["value"]
    assert isinstance(value, list)
    return value


async def test_a_membership_changed_through_the_api_is_the_applications(graph: Simulation) -> None:
    await add(graph, "linus")
    path = f"/groups/{id_of('plain')}/members/{id_of('linus')}/$ref"
    assert (await graph.call("DELETE", path))[0] == 204

    removed, added = await entries(graph)

    assert added["activityDisplayName"] == "Add member to group"
    assert added["initiatedBy"]["user"] is None
    assert added["initiatedBy"]["app"]["displayName"] == "Licensing application"
    (target,) = added["targetResources"]
    assert (target["id"], target["type"]) == (id_of("linus"), "User")
    by_id = {"displayName": "Group.ObjectID", "oldValue": None, "newValue": f'"{id_of("plain")}"'}
    assert target["modifiedProperties"][0] == by_id
    assert removed["activityDisplayName"] == "Remove member from group"
    (target,) = removed["targetResources"]
    assert target["modifiedProperties"][0]["oldValue"] == f'"{id_of("plain")}"'
    assert added["loggedByService"] == "Core Directory"
    assert added["activityDateTime"].endswith("Z")


async def test_a_membership_changed_by_hand_is_a_users(graph: Simulation) -> None:
    group = f"groups/{id_of('plain')}/members"
    await graph.control("POST", group, {"id": id_of("linus")})
    done = await graph.control("DELETE", f"{group}/{id_of('ada')}", {"by": id_of("grace")})

    second, first = await entries(graph)

    assert done["members"] == [id_of("linus")]
    settings = await graph.control("GET", "settings")
    assert first["initiatedBy"]["user"]["id"] == settings["administrator_id"]
    assert second["initiatedBy"]["user"]["id"] == id_of("grace")
    assert second["initiatedBy"]["user"]["userPrincipalName"] == "grace@contoso.example"
    assert first["initiatedBy"]["app"] is None
    await add(graph, "vera")
    assert (await entries(graph))[0]["initiatedBy"]["user"] is None


async def test_who_is_deleted_is_not_taken_out_of_groups_by_anybody(graph: Simulation) -> None:
    await graph.call("DELETE", f"/users/{id_of('ada')}")
    assert await entries(graph) == []


async def test_entries_are_asked_for_by_moment_and_activity(graph: Simulation) -> None:
    await add(graph, "linus")
    await graph.control("POST", "clock", {"advance": 60})
    now = datetime.fromtimestamp(graph.world.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    await graph.control("DELETE", f"groups/{id_of('plain')}/members/{id_of('ada')}")

    since = await entries(graph, filtered(f"activityDateTime ge {now} and {BOTH}"))
    removed = await entries(graph, filtered("activityDisplayName eq 'Remove member from group'"))
    by_app = await entries(
        graph, filtered("initiatedBy/app/displayName eq 'Licensing application'")
    )
    of_ada = await entries(graph, filtered(f"targetResources/any(t:t/id eq '{id_of('ada')}')"))

    assert [one["targetResources"][0]["id"] for one in since] == [id_of("ada")]
    assert removed == since == of_ada
    assert [one["targetResources"][0]["id"] for one in by_app] == [id_of("linus")]


async def test_pages_hold_while_others_write(graph: Simulation) -> None:
    await add(graph, "linus", "grace", "vera")
    first = await graph.get(f"{PATH}?$top=2")
    await add(graph, "nemo")
    second = await graph.get(first["@odata.nextLink"])

    seen = [one["targetResources"][0]["id"] for one in first["value"] + second["value"]]
    assert seen == [id_of("vera"), id_of("grace"), id_of("linus")]
    assert "@odata.nextLink" not in second


async def test_entries_may_come_late_and_go_in_the_end() -> None:
    async with simulation(small_tenant(), audit_delay=300, audit_retention=3_600) as graph:
        await add(graph, "linus")
        before = await entries(graph)
        await graph.control("POST", "clock", {"advance": 301})
        there = await entries(graph)
        await graph.control("POST", "clock", {"advance": 3_600})
        after = await entries(graph)

    assert (len(before), len(there), len(after)) == (0, 1, 0)


async def test_the_log_has_a_limit_of_its_own(graph: Simulation) -> None:
    statuses = [(await graph.call("GET", PATH))[0] for _ in range(5)]
    status, document, headers = await graph.call("GET", PATH)
    users = (await graph.call("GET", "/users"))[0]
    await graph.control("POST", "clock", {"advance": float(headers["Retry-After"])})
    again = (await graph.call("GET", PATH))[0]

    assert statuses == [200] * 5
    assert (status, document["error"]["code"]) == (429, "TooManyRequests")
    assert "x-ms-resource-unit" not in headers
    assert (users, again) == (200, 200)


async def test_a_missing_permission_is_named(graph: Simulation) -> None:
    await graph.control("POST", "permissions", {"granted": ["User.Read.All"]})
    status, document, _ = await graph.call("GET", PATH)
    assert status == 403
    assert document["error"]["code"] == "Authentication_MSGraphPermissionMissing"
    assert "AuditLog.Read.All" in document["error"]["message"]


@pytest.mark.parametrize(
    "query", ["$top=0", "$top=1001", "$select=id", "$orderby=id", "$filter=nonsense eq 1"]
)
async def test_what_the_log_does_not_understand_is_400(graph: Simulation, query: str) -> None:
    assert (await graph.call("GET", f"{PATH}?{query}"))[0] == 400
