"""Quotas, costs and headers of throttling."""

from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import id_of, small_tenant

UNIT = "x-ms-resource-unit"


@pytest.mark.parametrize(
    ("method", "path", "units"),
    [
        ("GET", "/users", 2),
        ("GET", "/users?$select=id", 1),
        ("GET", "/users?$top=5", 1),
        ("GET", "/users?$expand=manager", 3),
        ("GET", "/users/delta", 1),
        ("GET", f"/users/{id_of('ada')}", 1),
        ("GET", f"/users/{id_of('ada')}/memberOf", 2),
        ("GET", f"/users/{id_of('ada')}/licenseDetails", 2),
        ("GET", "/groups", 1),
        ("GET", f"/groups/{id_of('plain')}/members", 3),
        ("GET", f"/groups/{id_of('plain')}/members?$select=id&$top=1", 1),
        ("GET", f"/groups/{id_of('plain')}/transitiveMembers", 5),
        ("GET", "/subscribedSkus", 3),
        ("GET", "/organization", 1),
        ("DELETE", f"/users/{id_of('ada')}", 1),
    ],
)
async def test_each_operation_says_what_it_cost(
    graph: Simulation, method: str, path: str, units: int
) -> None:
    _, _, headers = await graph.call(method, path)

    assert headers[UNIT] == str(units)


@pytest.mark.parametrize(("model", "writes"), [("one", 1), ("third", 2)])
async def test_a_patch_of_references_costs_by_the_chosen_model(model: str, writes: int) -> None:
    names = ("linus", "grace", "vera", "nemo")
    bound = {"members@odata.bind": [f"x/users/{id_of(name)}" for name in names]}
    async with simulation(small_tenant(), patch_cost=model) as graph:
        await graph.call("PATCH", f"/groups/{id_of('plain')}", bound)
        stats = await graph.control("GET", "stats")

    assert (stats["writes"], stats["resource_units"]) == (writes, 1)


async def touch(graph: Simulation, n: int) -> tuple[int, Any, Any]:
    return await graph.call("PATCH", f"/users/{id_of('ada')}", {"jobTitle": f"Clerk {n}"})


async def test_writes_over_the_quota_are_refused_with_reasons_and_pass_after_waiting() -> None:
    async with simulation(small_tenant(), writes=10, write_window=100) as graph:
        answers = [await touch(graph, n) for n in range(11)]
        status, document, headers = answers[-1]
        assert 10 < int(headers["Retry-After"]) <= 20
        await graph.control("POST", "clock", {"advance": float(headers["Retry-After"])})
        after, _, _ = await touch(graph, 12)

    assert [answer[0] for answer in answers] == [204] * 10 + [429]
    assert (status, document["error"]["code"]) == (429, "TooManyRequests")
    assert document["error"]["message"] == "Please retry again later."
    assert document["error"]["innerError"]["code"] == "429"
    assert headers["x-ms-throttle-information"] == "WriteLimitExceeded"
    scope = headers["x-ms-throttle-scope"].split("/")
    assert scope[:2] == ["Tenant_Application", "Write"]
    assert scope[3] == id_of("contoso")
    assert after == 204


async def test_the_used_share_is_told_above_eighty_percent_only() -> None:
    async with simulation(small_tenant(), writes=10, write_window=1_000) as graph:
        shares = [
            (await touch(graph, n))[2].get("x-ms-throttle-limit-percentage") for n in range(10)
        ]

    assert shares[:8] == [None] * 8
    assert [round(float(share or 0), 1) for share in shares[8:]] == [0.9, 1.0]


async def test_resource_units_are_a_quota_of_their_own() -> None:
    async with simulation(small_tenant(), resource_units=4, resource_unit_window=100) as graph:
        first, second, third = [await graph.call("GET", "/users") for _ in range(3)]

    assert (first[0], second[0], third[0]) == (200, 200, 429)
    assert third[2]["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"


@pytest.mark.parametrize("form", ["seconds", "fraction", "date", "none"])
async def test_retry_after_comes_in_every_form_that_was_seen(form: str) -> None:
    settings = {"writes": 1, "write_window": 100, "retry_after": form}
    async with simulation(small_tenant(), **settings) as graph:
        await touch(graph, 1)
        _, _, headers = await touch(graph, 2)

    value = headers.get("Retry-After")
    if form == "none":
        assert value is None
    elif form == "date":
        assert parsedate_to_datetime(value).tzinfo is not None
    else:
        assert ("." in value) == (form == "fraction")
        assert 100 < float(value) <= 180  # the refused one counts too


async def test_hammering_keeps_the_door_shut() -> None:
    async with simulation(small_tenant(), writes=10, write_window=100) as graph:
        for n in range(30):
            _, _, headers = await touch(graph, n)

    assert headers["x-ms-throttle-limit-percentage"] == "1.80"
    assert float(headers["Retry-After"]) > 10


async def test_throttling_can_be_switched_off() -> None:
    async with simulation(small_tenant(), writes=1, throttling=False) as graph:
        statuses = [(await touch(graph, n))[0] for n in range(5)]
        await graph.control("PATCH", "settings", {"throttling": True})
        first, second = await touch(graph, 6), await touch(graph, 7)

    assert statuses == [204] * 5
    assert (first[0], second[0]) == (204, 429)
