"""`$batch`: each item by itself."""

from typing import Any

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import id_of, small_tenant

JSON = {"Content-Type": "application/json"}


def item(number: int | str, method: str, url: str, body: Any = None, **more: Any) -> dict[str, Any]:
    request = {"id": str(number), "method": method, "url": url, **more}
    return request | ({"body": body, "headers": JSON} if body is not None else {})


def reference(name: str) -> dict[str, str]:
    return {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{id_of(name)}"}


def add(number: int | str, name: str, group: str = "plain", **more: Any) -> dict[str, Any]:
    return item(number, "POST", f"/groups/{id_of(group)}/members/$ref", reference(name), **more)


async def batch(graph: Simulation, *items: dict[str, Any]) -> dict[str, Any]:
    status, document, _ = await graph.call("POST", "/$batch", {"requests": list(items)})
    assert status == 200, document
    return {response["id"]: response for response in document["responses"]}


async def test_each_item_has_its_own_verdict(graph: Simulation) -> None:
    answers = await batch(
        graph,
        add(1, "linus"),
        add(2, "ada"),
        add(3, "nobody"),
        item(4, "GET", "users/ada@contoso.example?$select=id"),
        item(5, "GET", "/nothing"),
    )

    assert {n: answer["status"] for n, answer in answers.items()} == {
        "1": 204,
        "2": 400,
        "3": 404,
        "4": 200,
        "5": 400,
    }
    assert answers["1"]["body"] is None
    assert answers["1"]["headers"]["x-ms-resource-unit"] == "1"
    assert answers["4"]["body"]["id"] == id_of("ada")
    assert answers["2"]["headers"]["Content-Type"] == "application/json"
    assert "already exist" in answers["2"]["body"]["error"]["message"]


async def test_what_depends_on_a_failure_is_not_done(graph: Simulation) -> None:
    answers = await batch(
        graph,
        add("a", "ada"),
        add("b", "linus", dependsOn=["a"]),
        add("c", "grace"),
        add("d", "vera", dependsOn=["C"]),
    )

    assert [answers[n]["status"] for n in "abcd"] == [400, 424, 204, 204]
    assert id_of("linus") not in graph.world.directory.members[id_of("plain")]


async def test_a_malformed_batch_is_refused_whole(graph: Simulation) -> None:
    twenty_one = [item(n, "GET", "/users") for n in range(21)]
    no_content_type = {"id": "1", "method": "POST", "url": "/users", "body": {}}
    for requests in (
        None,
        [],
        twenty_one,
        [item("a", "GET", "/users"), item("A", "GET", "/users")],
        [item(1, "GET", "/users", dependsOn=["7"])],
        [{"id": "1"}],
        [no_content_type],
    ):
        status, _, _ = await graph.call("POST", "/$batch", {"requests": requests})
        assert status == 400, requests


async def test_items_are_throttled_one_by_one_while_the_batch_is_fine() -> None:
    async with simulation(small_tenant(), writes=2) as graph:
        answers = await batch(graph, add(1, "linus"), add(2, "grace"), add(3, "vera"))

    statuses = sorted(answer["status"] for answer in answers.values())
    assert statuses == [204, 204, 429]
    assert answers["3"]["status"] == 429
    assert int(answers["3"]["headers"]["Retry-After"]) >= 1


async def test_more_references_than_the_service_bears_are_unavailable() -> None:
    people = {"members@odata.bind": [f"x/users/{id_of('linus')}"] * 20}
    async with simulation(small_tenant(), batch_references=100) as graph:
        path = f"/groups/{id_of('plain')}"
        answers = await batch(graph, *[item(n, "PATCH", path, people) for n in range(6)])

    assert [answers[str(n)]["status"] for n in range(6)] == [400] * 5 + [503]


async def test_next_links_in_a_batch_lead_back_to_the_simulator(graph: Simulation) -> None:
    answers = await batch(graph, item(1, "GET", "/users?$top=2"))

    link = answers["1"]["body"]["@odata.nextLink"]
    assert len((await graph.get(link))["value"]) == 2
