"""The switches at /__sim."""

from typing import Any

import pytest

from tests.simulators.graph.simulation import Simulation
from tests.simulators.graph.tenant import E3, group, id_of, person, small_tenant


async def refused(graph: Simulation, method: str, path: str, body: Any) -> str:
    async with graph.http.request(method, f"{graph.address}/__sim/{path}", json=body) as answer:
        assert answer.status in {400, 404}
        return str((await answer.json())["error"])


async def test_the_tenant_comes_back_as_it_is_now(graph: Simulation) -> None:
    reference = {"@odata.id": f"x/users/{id_of('linus')}"}
    await graph.call("POST", f"/groups/{id_of('plain')}/members/$ref", reference)

    now = await graph.control("GET", "tenant")

    assert set(now) == {"organization", "users", "groups", "subscribedSkus"}
    assert now["groups"][0]["members"] == [id_of("ada"), id_of("linus")]
    assert now["users"][0]["licenseAssignmentStates"][0]["skuId"] == E3
    assert now["subscribedSkus"][0]["consumedUnits"] == 1


async def test_a_new_tenant_replaces_the_old_and_ends_its_tokens(graph: Simulation) -> None:
    _, link, _ = await graph.round("/users/delta")

    health = await graph.control("PUT", "tenant", {"users": [person("zoe")]})

    assert health == {"status": "ok", "users": 1, "groups": 0}
    assert (await graph.call("GET", link))[0] == 410
    assert [one["displayName"] for one in (await graph.get("/users"))["value"]] == ["Zoe"]


def broken(**parts: Any) -> dict[str, Any]:
    return small_tenant() | parts


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "the document must be an object"),
        (broken(people=[]), "unknown part 'people'"),
        (broken(users={}), "users must be a list"),
        (broken(users=[person("a"), 7]), "users[1] must be an object"),
        (broken(users=[person("a", id="x")], groups=[]), "users[0].id must be a GUID"),
        (broken(users=[person("a"), person("a")]), "users[1].id"),
        (
            broken(users=[person("a", manager={"id": id_of("nobody")})], groups=[]),
            f"users[0].manager: no user has the id '{id_of('nobody')}'",
        ),
        (broken(users=[person("a", userPrincipalName=None)]), "users[0].userPrincipalName"),
        (
            broken(groups=[group("g", "nobody")]),
            f"groups[0].members[0]: no user or group has the id '{id_of('nobody')}'",
        ),
        (broken(groups=[group("g", "ada", "ada")]), "groups[0].members[1]"),
        (
            broken(groups=[group("g", skus=(id_of("x"),))]),
            "groups[0].assignedLicenses[0].skuId: no such product",
        ),
        (broken(subscribedSkus=[{"skuPartNumber": "X"}]), "subscribedSkus[0].skuId"),
    ],
)
async def test_a_broken_tenant_is_one_sentence_and_nothing_is_loaded(
    graph: Simulation, document: Any, sentence: str
) -> None:
    before = await graph.control("GET", "tenant")

    assert sentence in await refused(graph, "PUT", "tenant", document)

    assert await graph.control("GET", "tenant") == before


async def test_a_person_is_changed_seen_and_deleted_by_name_without_a_token(
    graph: Simulation,
) -> None:
    seen = await graph.control("PATCH", "users/ADA@contoso.example", {"department": "Legal"})
    assert (seen["department"], seen["id"]) == ("Legal", id_of("ada"))
    assert seen["memberOf"] == [id_of("plain"), id_of("licensed")]

    await graph.control("POST", "users/ada@contoso.example/delete")
    assert "does not exist" in await refused(graph, "GET", "users/ada@contoso.example", None)


async def test_settings_are_changed_all_or_none(graph: Simulation) -> None:
    changed = await graph.control("PATCH", "settings", {"latency": 0.001, "writes": 7})
    assert (changed["latency"], changed["writes"]) == (0.001, 7)

    assert "unknown setting 'lag'" in await refused(
        graph, "PATCH", "settings", {"writes": 8, "lag": 1}
    )
    assert "setting 'retry_after'" in await refused(
        graph, "PATCH", "settings", {"writes": 8, "retry_after": "soon"}
    )
    assert (await graph.control("GET", "settings"))["writes"] == 7


async def test_license_rules_are_data(graph: Simulation) -> None:
    rules = {"prohibited_locations": {"SPE_E3": ["DE"]}}
    await graph.control("PATCH", "settings", {"license_rules": rules})

    reference = {"@odata.id": f"x/users/{id_of('linus')}"}
    await graph.call("POST", f"/groups/{id_of('licensed')}/members/$ref", reference)
    await graph.settle()

    (state,) = (await graph.control("GET", f"users/{id_of('linus')}"))["licenseAssignmentStates"]
    assert state["error"] == "ProhibitedInUsageLocationViolation"


async def test_statistics_count_by_operation_and_start_again(graph: Simulation) -> None:
    await graph.get("/users")
    await graph.call(
        "POST", "/$batch", {"requests": [{"id": "1", "method": "GET", "url": "/users"}]}
    )

    stats = await graph.control("GET", "stats")
    assert (stats["requests"], stats["sub_requests"], stats["resource_units"]) == (2, 1, 4)
    assert stats["operations"] == {"GET /users": 2, "POST /$batch": 1}

    again = await graph.control("POST", "stats/reset")
    assert (again["requests"], again["operations"]) == (0, {})


async def test_what_is_no_sense_is_one_sentence(graph: Simulation) -> None:
    assert "advance" in await refused(graph, "POST", "clock", {"advance": -1})
    assert "event" in await refused(graph, "POST", "lifecycle", {"event": "party"})
    assert "delta_expired_as" in await refused(graph, "POST", "expire-delta-tokens", {"as": 500})
