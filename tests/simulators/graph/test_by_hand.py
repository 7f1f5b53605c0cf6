"""What people do to a tenant by hand: members, seats, plans."""

from typing import Any

import pytest

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import E3, EXCHANGE, TEAMS, id_of, small_tenant

GROUP = f"groups/{id_of('licensed')}/members"


async def refused(graph: Simulation, method: str, path: str, body: Any) -> str:
    async with graph.http.request(method, f"{graph.address}/__sim/{path}", json=body) as answer:
        assert answer.status in {400, 403, 404}
        return str((await answer.json())["error"])


async def state(graph: Simulation, name: str) -> dict[str, Any]:
    user = await graph.get(f"/users/{id_of(name)}?$select=licenseAssignmentStates")
    (found,) = user["licenseAssignmentStates"]
    assert isinstance(found, dict)
    return found


async def test_bought_seats_help_nobody_until_somebody_asks() -> None:
    async with simulation(small_tenant(e3_seats=1)) as graph:
        await graph.control("POST", GROUP, {"id": id_of("linus")})
        await graph.settle()
        changed = await graph.control("PATCH", f"products/{E3}", {"enabled": 3})
        await graph.settle()
        before = await state(graph, "linus")
        path = f"/users/{id_of('linus')}/reprocessLicenseAssignment"
        assert (await graph.call("POST", path))[0] == 200
        await graph.settle()
        after = await state(graph, "linus")
        now = await graph.control("GET", f"products/{E3}")

    assert (changed["prepaidUnits"]["enabled"], now["consumedUnits"]) == (3, 2)
    assert (before["error"], after["state"]) == ("CountViolation", "Active")


async def test_an_error_can_be_ordered_and_called_off(graph: Simulation) -> None:
    await graph.control(
        "PUT", f"users/{id_of('linus')}/license-errors", {E3: "UniquenessViolation"}
    )
    await graph.control("POST", GROUP, {"id": id_of("linus")})
    await graph.settle()
    failed = await state(graph, "linus")
    await graph.control("PUT", f"users/{id_of('linus')}/license-errors", {})
    await graph.call("POST", f"/users/{id_of('linus')}/reprocessLicenseAssignment")
    await graph.settle()

    assert (failed["state"], failed["error"]) == ("Error", "UniquenessViolation")
    assert (await state(graph, "linus"))["state"] == "Active"


@pytest.mark.parametrize(("moves", "expected"), [(False, False), (True, True)])
async def test_whether_the_date_of_an_error_that_stays_moves_is_a_setting(
    moves: bool, expected: bool
) -> None:
    async with simulation(small_tenant(e3_seats=1), reprocess_moves_date=moves) as graph:
        await graph.control("POST", GROUP, {"id": id_of("linus")})
        await graph.settle()
        before = await state(graph, "linus")
        await graph.control("POST", "clock", {"advance": 3_600})
        await graph.call("POST", f"/users/{id_of('linus')}/reprocessLicenseAssignment")
        await graph.settle()
        after = await state(graph, "linus")
        ada = await state(graph, "ada")
        await graph.call("POST", f"/users/{id_of('ada')}/reprocessLicenseAssignment")
        await graph.settle()
        assert await state(graph, "ada") == ada

    moved = before["lastUpdatedDateTime"] != after["lastUpdatedDateTime"]
    assert (moved, after["error"]) == (expected, "CountViolation")


async def test_a_plan_that_appears_is_on_for_every_holder_and_her_delta_says_so(
    graph: Simulation,
) -> None:
    _, link, _ = await graph.round("/users/delta?$select=id,assignedPlans")
    plan = {"servicePlanName": "COPILOT_NEW", "servicePlanId": id_of("new-plan")}

    product = await graph.control("POST", f"products/{E3}/plans", plan)

    assert [one["servicePlanId"] for one in product["servicePlans"]] == [
        EXCHANGE,
        TEAMS,
        id_of("new-plan"),
    ]
    details = (await graph.get(f"/users/{id_of('ada')}/licenseDetails"))["value"]
    assert details[0]["servicePlans"][-1]["provisioningStatus"] == "Success"
    changed, _, _ = await graph.round(link)
    assert [one["id"] for one in changed] == [id_of("ada")]
    assert changed[0]["assignedPlans"][-1]["servicePlanId"] == id_of("new-plan")


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("POST", GROUP, {"id": id_of("nobody")}, "does not exist"),
        ("POST", GROUP, {"id": id_of("ada")}, "already exist"),
        ("POST", GROUP, {"id": id_of("linus"), "by": "me"}, "'by'"),
        ("POST", f"groups/{id_of('dynamic')}/members", {"id": id_of("ada")}, "Insufficient"),
        ("POST", f"groups/{id_of('nothing')}/members", {"id": id_of("ada")}, "does not exist"),
        ("DELETE", f"{GROUP}/{id_of('linus')}", {}, "does not exist"),
        ("PATCH", f"products/{E3}", {"enabled": -1}, "seats"),
        ("PUT", f"users/{id_of('ada')}/license-errors", {E3: "Bad luck"}, "Other"),
        ("PUT", f"users/{id_of('ada')}/license-errors", {TEAMS: "Other"}, TEAMS),
        ("PUT", f"users/{id_of('nobody')}/license-errors", {}, "does not exist"),
        ("PATCH", f"products/{E3}", {"capabilityStatus": "Fine"}, "capabilityStatus"),
        ("PATCH", f"products/{id_of('nothing')}", {"enabled": 1}, "does not exist"),
        ("POST", f"products/{E3}/plans", {"servicePlanId": "x"}, "servicePlanName"),
        (
            "POST",
            f"products/{E3}/plans",
            {"servicePlanId": TEAMS, "servicePlanName": "TEAMS1"},
            "already",
        ),
    ],
)
async def test_what_is_no_sense_is_one_sentence(
    graph: Simulation, method: str, path: str, body: Any, words: str
) -> None:
    before = await graph.control("GET", "tenant")
    assert words in await refused(graph, method, path, body)
    assert await graph.control("GET", "tenant") == before
