"""Collections: paging, `$select`, `$filter`, `$count`, nested groups."""

from typing import Any

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.user import User
from msgraph_core.tasks.page_iterator import PageIterator  # type: ignore[import-untyped]

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import E3, id_of, person, small_tenant

EVENTUAL = {"ConsistencyLevel": "eventual"}


def names(page: dict[str, Any]) -> list[str]:
    return [one["displayName"] for one in page["value"]]


async def test_the_sdk_pages_through_absolute_next_links(graph: Simulation) -> None:
    first = await graph.get("/users?$top=2&$select=id,displayName")
    assert first["@odata.nextLink"].startswith(graph.address)

    second = await graph.get(first["@odata.nextLink"])
    third = await graph.get(second["@odata.nextLink"])

    assert names(first) + names(second) + names(third) == ["Ada", "Grace", "Linus", "Vera", "Nemo"]
    assert "@odata.nextLink" not in third


async def test_nobody_is_skipped_when_somebody_leaves_between_pages(graph: Simulation) -> None:
    first = await graph.get("/users?$top=2&$select=displayName")
    await graph.control("POST", "users/ada@contoso.example/delete")
    second = await graph.get(first["@odata.nextLink"])

    assert names(second) == ["Linus", "Vera"]


async def test_a_page_is_a_hundred_unless_asked_and_999_at_most() -> None:
    people = [person(f"person{n}") for n in range(120)]
    async with simulation({"users": people}) as graph:
        assert len((await graph.get("/users"))["value"]) == 100
        assert len((await graph.get("/users?$top=999"))["value"]) == 120
        assert (await graph.call("GET", "/users?$top=1000"))[0] == 400
        signing_in = await graph.call("GET", "/users?$top=501&$select=signInActivity")
        assert signing_in[0] == 400


async def test_an_old_page_token_has_expired(graph: Simulation) -> None:
    page = await graph.get("/users?$top=2")
    await graph.control("POST", "clock", {"advance": 3600})

    status, document, _ = await graph.call("GET", page["@odata.nextLink"])

    assert (status, document["error"]["code"]) == (400, "Directory_ExpiredPageToken")


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("department eq 'Finance'", ["Ada", "Grace"]),
        ("department eq 'finance' and startswith(displayName,'A')", ["Ada"]),
        (f"id in ('{id_of('ada')}', '{id_of('vera')}')", ["Ada", "Vera"]),
        (f"id eq '{id_of('ada')}' or id eq '{id_of('linus')}'", ["Ada", "Linus"]),
        (f"assignedLicenses/any(x:x/skuId eq {E3})", ["Ada"]),
        (
            "userType eq 'Guest' or (department eq 'Sales' and accountEnabled eq true)",
            ["Linus", "Vera"],
        ),
        ("usageLocation eq null", ["Nemo"]),
    ],
)
async def test_filters_find_whom_they_describe(
    graph: Simulation, clause: str, found: list[str]
) -> None:
    page = await graph.get(f"/users?$select=displayName&$filter={clause}")

    assert names(page) == found


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ("not(startswith(displayName,'A'))", 4),
        ("department ne 'Finance'", 3),
        ("endsWith(userPrincipalName,'contoso.example')", 5),
        ("assignedLicenses/$count ne 0", 1),
    ],
)
async def test_advanced_filters_work_with_count_and_consistency_level(
    graph: Simulation, clause: str, count: int
) -> None:
    page = await graph.get(f"/users?$count=true&$top=1&$filter={clause}", **EVENTUAL)

    assert page["@odata.count"] == count


async def test_the_count_comes_with_the_first_page_only(graph: Simulation) -> None:
    first = await graph.get("/users?$count=true&$top=3", **EVENTUAL)
    second = await graph.get(first["@odata.nextLink"], **EVENTUAL)

    assert first["@odata.count"] == 5
    assert "@odata.count" not in second


async def test_a_filter_that_does_not_parse_is_refused(graph: Simulation) -> None:
    for clause in ("department eq", "department like 'x'", "(id eq 'x'", "shoeSize eq 4"):
        status, document, _ = await graph.call("GET", f"/users?$filter={clause}")
        assert (status, document["error"]["code"]) == (400, "BadRequest"), clause


async def test_nested_groups_are_followed_only_when_asked(graph: Simulation) -> None:
    nesting = f"/groups/{id_of('nesting')}"
    direct = await graph.get(f"{nesting}/members")
    all_users = await graph.get(f"{nesting}/transitiveMembers/microsoft.graph.user")
    of_ada = await graph.get(f"/users/{id_of('ada')}/memberOf/microsoft.graph.group")
    all_of_ada = await graph.get(f"/users/{id_of('ada')}/transitiveMemberOf")

    assert names(direct) == ["plain", "Grace"]
    assert sorted(names(all_users)) == ["Ada", "Grace"]
    assert names(of_ada) == ["plain", "licensed"]
    assert names(all_of_ada) == ["plain", "licensed", "nesting"]


async def test_groups_in_a_circle_are_each_seen_once(graph: Simulation) -> None:
    reference = {"@odata.id": f"x/groups/{id_of('nesting')}"}
    await graph.call("POST", f"/groups/{id_of('plain')}/members/$ref", reference)

    everyone = await graph.get(f"/groups/{id_of('nesting')}/transitiveMembers")

    assert sorted(names(everyone)) == ["Ada", "Grace", "nesting", "plain"]


async def test_member_groups_are_checked_transitively(graph: Simulation) -> None:
    wanted = {"groupIds": [id_of("nesting"), id_of("team")]}

    _, document, headers = await graph.call(
        "POST", f"/users/{id_of('ada')}/checkMemberGroups", wanted
    )

    assert document["value"] == [id_of("nesting")]
    assert headers["x-ms-resource-unit"] == "4"


async def test_objects_are_got_by_ids_whatever_they_are(graph: Simulation) -> None:
    ids = [id_of("ada"), id_of("plain"), id_of("nobody")]
    both = await graph.call("POST", "/directoryObjects/getByIds", {"ids": ids})
    users = await graph.call(
        "POST", "/directoryObjects/getByIds?$select=id", {"ids": ids, "types": ["user"]}
    )
    too_many = await graph.call("POST", "/directoryObjects/getByIds", {"ids": ["x"] * 1001})

    assert names(both[1]) == ["Ada", "plain"]
    assert users[1]["value"] == [{"@odata.type": "#microsoft.graph.user", "id": id_of("ada")}]
    assert (both[2]["x-ms-resource-unit"], users[2]["x-ms-resource-unit"]) == ("5", "2")
    assert too_many[0] == 400


async def test_of_whom_may_not_be_read_the_id_alone_is_told(graph: Simulation) -> None:
    wanted = {"ids": [id_of("ada"), id_of("plain")]}
    path = "/directoryObjects/getByIds?$select=id,displayName"
    await graph.control("POST", "permissions", {"granted": ["Group.Read.All"]})

    _, found, _ = await graph.call("POST", path, wanted)

    assert [each["displayName"] for each in found["value"]] == [None, "plain"]
    assert [each["id"] for each in found["value"]] == wanted["ids"]


async def test_licenses_are_seen_in_details(graph: Simulation) -> None:
    details = await graph.get(f"/users/{id_of('ada')}/licenseDetails")

    (one,) = details["value"]
    assert one["skuPartNumber"] == "SPE_E3"
    assert {plan["provisioningStatus"] for plan in one["servicePlans"]} == {"Success"}


async def test_a_manager_is_expanded_and_got(graph: Simulation) -> None:
    expanded = await graph.get(f"/users/{id_of('ada')}?$expand=manager")
    chosen = await graph.get(f"/users/{id_of('ada')}?$select=id&$expand=manager($select=id)")
    manager = await graph.get(f"/users/{id_of('ada')}/manager")
    without, _, _ = await graph.call("GET", f"/users/{id_of('grace')}/manager")

    assert expanded["manager"]["displayName"] == manager["displayName"] == "Grace"
    assert chosen["manager"] == {"@odata.type": "#microsoft.graph.user", "id": id_of("grace")}
    assert without == 404


async def test_both_versions_and_all_spellings_of_a_function_are_understood(
    graph: Simulation,
) -> None:
    for version in ("v1.0", "beta"):
        for function in ("delta", "delta()", "microsoft.graph.delta", "microsoft.graph.delta()"):
            page = await graph.get(f"{graph.address}/{version}/users/{function}")
            assert page["@odata.deltaLink"].startswith(f"{graph.address}/{version}/users/delta?")


async def test_reads_lag_behind_writes_as_long_as_the_settings_say() -> None:
    async with simulation(small_tenant(), replication_lag=30) as graph:
        await graph.control("PATCH", "users/ada@contoso.example", {"department": "Legal"})
        member = {"@odata.id": f"x/users/{id_of('linus')}"}
        path = f"/groups/{id_of('plain')}/members"
        await graph.call("POST", f"{path}/$ref", member)

        before = await graph.get("/users/ada@contoso.example?$select=department")
        members_before = names(await graph.get(path))
        again, _, _ = await graph.call("POST", f"{path}/$ref", member)
        await graph.control("POST", "clock", {"advance": 31})
        after = await graph.get("/users/ada@contoso.example?$select=department")
        members_after = names(await graph.get(path))

    assert (before["department"], members_before) == ("Finance", ["Ada"])
    assert again == 400
    assert (after["department"], members_after) == ("Legal", ["Ada", "Linus"])


async def test_the_sdks_page_iterator_walks_all_pages() -> None:
    people = [person(f"person{n}") for n in range(3)]
    async with simulation({"users": people}) as graph:
        seen: list[str | None] = []

        def note(user: User) -> bool:
            seen.append(user.display_name)
            return True

        users = graph.sdk.users
        query = users.UsersRequestBuilderGetQueryParameters(top=2, select=["displayName"])
        first = await users.get(RequestConfiguration(query_parameters=query))
        await PageIterator(first, graph.adapter).iterate(note)

    assert seen == ["Person0", "Person1", "Person2"]
