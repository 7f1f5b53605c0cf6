"""Managers: read, set and removed, and told in delta as the link they are."""

from typing import Any

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import id_of, person, small_tenant

ADA, GRACE, LINUS = id_of("ada"), id_of("grace"), id_of("linus")
USER = "#microsoft.graph.user"
ROUND = "/users/delta?$select=displayName,manager"
THERE = {"@odata.type": USER}
GONE = {"@odata.type": USER, "@removed": {"reason": "deleted"}}


async def give(graph: Simulation, name: str, manager: str) -> int:
    reference = {"@odata.id": f"{graph.address}/v1.0/users/{id_of(manager)}"}
    status, _, _ = await graph.call("PUT", f"/users/{id_of(name)}/manager/$ref", reference)
    return status


def links(value: list[Any]) -> dict[str, list[Any]]:
    return {one["id"]: one["manager@delta"] for one in value if "manager@delta" in one}


async def test_a_manager_is_set_and_removed(graph: Simulation) -> None:
    assert await give(graph, "ada", "linus") == 204
    manager = await graph.get(f"/users/{ADA}/manager")
    assert (manager["@odata.type"], manager["displayName"]) == (USER, "Linus")

    path = f"/users/{ADA}/manager/$ref"
    assert (await graph.call("DELETE", path))[0] == 204
    assert (await graph.call("DELETE", path))[0] == 404
    assert "manager" not in await graph.get(f"/users/{ADA}?$expand=manager")


async def test_somebody_who_does_not_exist_manages_nobody(graph: Simulation) -> None:
    assert await give(graph, "ada", "nobody") == 404
    assert await give(graph, "nobody", "ada") == 404
    status, _, _ = await graph.call("PUT", f"/users/{ADA}/manager/$ref", {"@odata.id": "x"})
    assert status == 400


async def test_a_first_round_has_everyones_manager(graph: Simulation) -> None:
    value, _, _ = await graph.round(ROUND)
    by_default, _, _ = await graph.round("/users/delta")
    unselected, _, _ = await graph.round("/users/delta?$select=displayName")

    assert links(value) == links(by_default) == {ADA: [THERE | {"id": GRACE}]}
    assert links(unselected) == {}


async def test_a_new_manager_comes_with_the_removal_of_the_former(graph: Simulation) -> None:
    _, link, _ = await graph.round(ROUND)
    await give(graph, "ada", "linus")
    changed, link, _ = await graph.round(link)
    await graph.call("DELETE", f"/users/{ADA}/manager/$ref")
    removed, _, _ = await graph.round(link)

    assert [one["displayName"] for one in changed] == ["Ada"]
    assert links(changed) == {ADA: [THERE | {"id": LINUS}, GONE | {"id": GRACE}]}
    assert links(removed) == {ADA: [GONE | {"id": LINUS}]}


async def test_another_change_says_nothing_of_the_manager(graph: Simulation) -> None:
    _, link, _ = await graph.round(ROUND)
    await graph.control("PATCH", f"users/{ADA}", {"displayName": "Ada L."})
    value, _, _ = await graph.round(link)

    assert value == [{"id": ADA, "displayName": "Ada L."}]


async def test_who_leaves_manages_nobody_any_more(graph: Simulation) -> None:
    _, link, _ = await graph.round(ROUND)
    await graph.control("POST", f"users/{GRACE}/delete")
    value, _, _ = await graph.round(link)

    assert links(value) == {ADA: [GONE | {"id": GRACE}]}


async def test_who_is_restored_has_the_manager_again_if_there_is_one(graph: Simulation) -> None:
    await graph.control("POST", f"users/{ADA}/delete")
    _, link, _ = await graph.round(ROUND)
    await graph.call("POST", f"/directory/deletedItems/{ADA}/restore")
    value, _, _ = await graph.round(link)
    assert links(value) == {ADA: [THERE | {"id": GRACE}]}

    await graph.control("POST", f"users/{ADA}/delete")
    await graph.control("POST", f"users/{GRACE}/delete")
    await graph.call("POST", f"/directory/deletedItems/{ADA}/restore")
    assert (await graph.call("GET", f"/users/{ADA}/manager"))[0] == 404


async def test_the_switch_sets_and_removes_a_manager(graph: Simulation) -> None:
    shown = await graph.control("PATCH", f"users/{ADA}", {"manager": {"id": LINUS}, "city": "Rome"})
    assert (shown["manager"], shown["city"]) == ({"id": LINUS}, "Rome")

    shown = await graph.control("PATCH", f"users/{ADA}", {"manager": None})
    assert "manager" not in shown


async def test_managers_come_apart_from_their_people() -> None:
    people = [person("boss"), *(person(f"p{n}", manager={"id": id_of("boss")}) for n in range(7))]
    settings = {"delta_managers_apart": 1.0, "delta_page_size": 3}
    async with simulation({"users": people}, **settings) as graph:
        value, link, pages = await graph.round(ROUND)
        assert pages > 3
        assert set(links(value)) == {id_of(f"p{n}") for n in range(7)}
        assert len(value) == 8 + 7

        await give(graph, "p1", "p2")
        value, _, _ = await graph.round(link)

    assert [one.get("manager@delta") for one in value] == [
        None,
        [THERE | {"id": id_of("p2")}],
        [GONE | {"id": id_of("boss")}],
    ]


async def test_a_lagging_replica_shows_the_former_manager_until_it_knows_better() -> None:
    async with simulation(small_tenant(), replication_lag=60) as graph:
        _, link, _ = await graph.round(ROUND)
        await give(graph, "ada", "linus")
        early, link, _ = await graph.round(link)
        manager = await graph.get(f"/users/{ADA}/manager")
        await graph.control("POST", "clock", {"advance": 61})
        late, _, _ = await graph.round(link)

    assert (early, manager["displayName"]) == ([], "Grace")
    assert links(late) == {ADA: [THERE | {"id": LINUS}, GONE | {"id": GRACE}]}
