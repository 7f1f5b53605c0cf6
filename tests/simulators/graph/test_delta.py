"""Delta rounds, as they are on a good day and in every nasty mode."""

from typing import Any

import pytest

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import group, id_of, person, small_tenant

ADA, LINUS = id_of("ada"), id_of("linus")
PLAIN = id_of("plain")
GROUPS = "/groups/delta?$select=displayName,members"


async def add(graph: Simulation, name: str, to: str = "plain") -> None:
    reference = {"@odata.id": f"x/users/{id_of(name)}"}
    status, _, _ = await graph.call("POST", f"/groups/{id_of(to)}/members/$ref", reference)
    assert status == 204


def merged(value: list[Any]) -> dict[str, set[str]]:
    """Return the members of each group after reading a round as a careful client does."""
    groups: dict[str, set[str]] = {}
    for item in value:
        members = groups.setdefault(item["id"], set())
        for member in item.get("members@delta", ()):
            (members.discard if "@removed" in member else members.add)(member["id"])
    return groups


async def test_a_first_round_over_users_comes_in_pages_of_two_hundred() -> None:
    people = [person(f"person{n}") for n in range(450)]
    async with simulation({"users": people}) as graph:
        first = await graph.get("/users/delta?$select=displayName&$top=5")
        value, _, pages = await graph.round("/users/delta?$select=displayName")

    assert len(first["value"]) == 200
    assert (len(value), pages) == (450, 3)
    assert set(value[0]) == {"id", "displayName"}


async def test_a_round_without_changes_is_empty_and_ends_with_a_new_link(
    graph: Simulation,
) -> None:
    _, link, _ = await graph.round("/users/delta")
    value, again, pages = await graph.round(link)

    assert (value, pages) == ([], 1)
    assert again != link


async def test_a_later_round_shows_changes_of_selected_properties_only(
    graph: Simulation,
) -> None:
    _, link, _ = await graph.round("/users/delta?$select=department,jobTitle")
    await graph.control("PATCH", "users/ada@contoso.example", {"city": "Rome"})
    unselected, link, _ = await graph.round(link)
    await graph.control("PATCH", "users/ada@contoso.example", {"jobTitle": "Clerk"})
    selected, _, _ = await graph.round(link)

    assert unselected == []
    assert selected == [{"id": ADA, "department": "Finance", "jobTitle": "Clerk"}]


async def test_return_minimal_shows_changed_properties_only_and_null_for_cleared(
    graph: Simulation,
) -> None:
    _, link, _ = await graph.round("/users/delta?$select=department,jobTitle")
    await graph.control("PATCH", "users/ada@contoso.example", {"department": None})

    value, _, _ = await graph.round(link, Prefer="return=minimal")

    assert value == [{"id": ADA, "department": None}]


async def test_latest_gives_a_link_and_nothing_else(graph: Simulation) -> None:
    page = await graph.get("/users/delta?$deltatoken=latest")
    assert page["value"] == []

    await graph.control("PATCH", "users/ada@contoso.example", {"displayName": "Ada L."})
    value, _, _ = await graph.round(page["@odata.deltaLink"])
    assert [one["id"] for one in value] == [ADA]


async def test_removed_users_are_changed_while_restorable_and_deleted_afterwards(
    graph: Simulation,
) -> None:
    _, link, _ = await graph.round("/users/delta?$select=displayName")
    await graph.call("DELETE", f"/users/{ADA}")
    soft, link, _ = await graph.round(link)
    await graph.call("DELETE", f"/directory/deletedItems/{ADA}")
    hard, _, _ = await graph.round(link)

    assert soft == [{"id": ADA, "@removed": {"reason": "changed"}}]
    assert hard == [{"id": ADA, "@removed": {"reason": "deleted"}}]


async def test_a_restored_user_comes_back_as_a_normal_object(graph: Simulation) -> None:
    await graph.call("DELETE", f"/users/{ADA}")
    _, link, _ = await graph.round("/users/delta?$select=displayName")
    await graph.call("POST", f"/directory/deletedItems/{ADA}/restore")

    value, _, _ = await graph.round(link)

    assert value == [{"id": ADA, "displayName": "Ada"}]


async def test_members_come_and_go_inside_their_group(graph: Simulation) -> None:
    first, link, _ = await graph.round(GROUPS)
    assert merged(first)[PLAIN] == {ADA}
    assert merged(first)[id_of("nesting")] == {PLAIN, id_of("grace")}
    assert all("members@delta" in one for one in first if merged([one])[one["id"]])
    assert not any(one.get("members@delta") == [] for one in first)

    await add(graph, "linus")
    await graph.control("POST", "users/ada@contoso.example/delete")
    value, _, _ = await graph.round(link)

    (plain,) = [one for one in value if one["id"] == PLAIN]
    assert plain["displayName"] == "plain"
    user = "#microsoft.graph.user"
    assert plain["members@delta"] == [
        {"@odata.type": user, "id": LINUS},
        {"@odata.type": user, "id": ADA, "@removed": {"reason": "deleted"}},
    ]


async def test_members_are_part_of_the_default_and_absent_when_not_selected(
    graph: Simulation,
) -> None:
    default, _, _ = await graph.round("/groups/delta")
    only, _, _ = await graph.round("/groups/delta?$select=members")
    without, link, _ = await graph.round("/groups/delta?$select=displayName")
    await add(graph, "linus")
    unseen, _, _ = await graph.round(link)

    assert merged(default) == merged(only)
    assert set(only[0]) == {"id", "members@delta"}
    assert not any("members@delta" in one for one in without)
    assert unseen == []


async def test_a_large_groups_members_come_in_slices_over_many_pages() -> None:
    people = [f"person{n}" for n in range(250)]
    tenant = {
        "users": [person(name) for name in people],
        "groups": [group("large", *people), group("small", "person1"), group("empty")],
    }
    async with simulation(tenant, delta_member_slice=100) as graph:
        value, _, pages = await graph.round(GROUPS)

    large = [one for one in value if one["id"] == id_of("large")]
    assert pages >= 3
    assert len(large) == 3
    assert {one["displayName"] for one in large} == {"large"}
    assert all(len(one["members@delta"]) <= 100 for one in large)
    assert merged(value) == {
        id_of("large"): {id_of(name) for name in people},
        id_of("small"): {id_of("person1")},
        id_of("empty"): set(),
    }


async def test_changes_during_a_round_are_in_the_next_one_and_nobody_is_lost() -> None:
    people = [f"person{n}" for n in range(10)]
    tenant = {"users": [person(name) for name in people], "groups": [group("large", *people)]}
    async with simulation(tenant, delta_member_slice=4) as graph:
        first = await graph.get(GROUPS)
        path = f"/groups/{id_of('large')}/members/{id_of('person0')}/$ref"
        assert (await graph.call("DELETE", path))[0] == 204
        value, link, _ = await graph.round(first["@odata.nextLink"])
        later, _, _ = await graph.round(link)

    everybody = merged([*first["value"], *value, *later])[id_of("large")]
    assert everybody == {id_of(name) for name in people[1:]}


async def test_only_filters_by_id_are_allowed(graph: Simulation) -> None:
    one, link, _ = await graph.round(f"/users/delta?$filter=id eq '{ADA}'")
    await graph.control("PATCH", "users/grace@contoso.example", {"displayName": "G."})
    others, _, _ = await graph.round(link)
    bad, _, _ = await graph.call("GET", "/users/delta?$filter=department eq 'Finance'")
    ids = " or ".join(["id eq 'x'"] * 51)
    too_many, _, _ = await graph.call("GET", f"/users/delta?$filter={ids}")

    assert ([user["id"] for user in one], others) == ([ADA], [])
    assert (bad, too_many) == (400, 400)


@pytest.mark.parametrize("status", [410, 400, 404])
async def test_an_expired_token_asks_for_a_new_start(graph: Simulation, status: int) -> None:
    _, link, _ = await graph.round("/users/delta")
    await graph.control("POST", "expire-delta-tokens", {"as": status})

    got, document, headers = await graph.call("GET", link)

    assert got == status
    expected = "resyncRequired" if status == 410 else "syncStateNotFound"
    assert document["error"]["code"] == expected
    if status == 410:
        value, _, _ = await graph.round(headers["Location"])
        assert len(value) == 5


async def test_a_token_dies_after_seven_days(graph: Simulation) -> None:
    _, link, _ = await graph.round("/users/delta")
    await graph.control("POST", "clock", {"advance": 6 * 86_400})
    _, link, _ = await graph.round(link)
    await graph.control("POST", "clock", {"advance": 6 * 86_400})
    _, link, _ = await graph.round(link)
    await graph.control("POST", "clock", {"advance": 8 * 86_400})

    assert (await graph.call("GET", link))[0] == 410


async def test_a_token_that_is_none_of_ours_is_refused(graph: Simulation) -> None:
    for token in ("nonsense", "e30", "eyJ0IjoxfQ", "%00"):
        assert (await graph.call("GET", f"/users/delta?$deltatoken={token}"))[0] == 400


async def test_empty_pages_come_with_a_next_link() -> None:
    async with simulation(small_tenant(), delta_empty_pages=1) as graph:
        first = await graph.get("/users/delta")
        value, _, pages = await graph.round("/users/delta")

    assert (first["value"], "@odata.nextLink" in first) == ([], True)
    assert (len(value), pages) == (5, 2)


async def test_objects_come_twice_in_a_round() -> None:
    async with simulation(small_tenant(), delta_duplicates=1) as graph:
        value, _, _ = await graph.round("/users/delta")

    assert len(value) == 10
    assert len({one["id"] for one in value}) == 5


async def test_changes_are_replayed_without_harm() -> None:
    async with simulation(small_tenant(), delta_replays=1) as graph:
        _, link, _ = await graph.round(GROUPS)
        await add(graph, "linus")
        _, link, _ = await graph.round(link)
        path = f"/groups/{PLAIN}/members/{LINUS}/$ref"
        await graph.call("DELETE", path)
        _, link, _ = await graph.round(link)
        replayed, _, _ = await graph.round(link)

    (plain,) = replayed
    assert plain["id"] == PLAIN
    (member,) = plain["members@delta"]
    assert (member["id"], member["@removed"]) == (LINUS, {"reason": "deleted"})


async def test_old_removals_come_even_in_a_first_round() -> None:
    async with simulation(small_tenant(), delta_removed_in_first_round=True) as graph:
        await graph.control("POST", "users/ada@contoso.example/delete")
        value, _, _ = await graph.round("/users/delta")

    assert {"id": ADA, "@removed": {"reason": "changed"}} in value


async def test_a_lagging_replica_shows_a_change_later_and_never_loses_it() -> None:
    async with simulation(small_tenant(), replication_lag=60) as graph:
        _, link, _ = await graph.round(GROUPS)
        await add(graph, "linus")
        early, link, _ = await graph.round(link)
        await graph.control("POST", "clock", {"advance": 61})
        late, _, _ = await graph.round(link)

    assert early == []
    assert merged(late) == {PLAIN: {LINUS}}


async def test_a_simulator_started_again_takes_no_token_of_before() -> None:
    async with simulation(small_tenant()) as before:
        _, link, _ = await before.round("/users/delta")
    async with simulation(small_tenant()) as after:
        again = link.replace(before.address, after.address)
        assert (await after.call("GET", again))[0] == 410
    async with simulation(small_tenant(), first_generation=7) as one:
        _, link, _ = await one.round("/users/delta")
    async with simulation(small_tenant(), first_generation=7) as other:
        again = link.replace(one.address, other.address)
        assert (await other.call("GET", again))[0] == 200
