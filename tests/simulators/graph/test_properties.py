"""Properties that rules ask for: collections, dates, custom extensions, service plans."""

from typing import Any

import pytest

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import E3, EXCHANGE, TEAMS, id_of, person, product, small_tenant

ADA = id_of("ada")
EXTENSION = "extension_0123456789abcdef0123456789abcdef_costCenter"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("otherMails", ["ada@home.example"]),
        ("faxNumber", "+49 30 1"),
        ("employeeHireDate", "2026-11-01T00:00:00Z"),
        (EXTENSION, "4711"),
    ],
)
async def test_a_property_is_selected_and_patched(
    graph: Simulation, name: str, value: object
) -> None:
    _, link, _ = await graph.round(f"/users/delta?$select={name}")
    assert (await graph.call("PATCH", f"/users/{ADA}", {name: value}))[0] == 204

    assert (await graph.get(f"/users/{ADA}?$select={name}"))[name] == value
    assert (await graph.round(link))[0] == [{"id": ADA, name: value}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("proxyAddresses", ["SMTP:ada@contoso.example", "smtp:a.l@contoso.example"]),
        ("imAddresses", ["sip:ada@contoso.example"]),
    ],
)
async def test_what_other_services_write_is_patched_by_the_switch_alone(
    graph: Simulation, name: str, value: object
) -> None:
    assert (await graph.call("PATCH", f"/users/{ADA}", {name: value}))[0] == 400
    await graph.control("PATCH", f"users/{ADA}", {name: value})

    assert (await graph.get(f"/users/{ADA}?$select={name}"))[name] == value


async def test_one_extension_attribute_is_patched_and_the_others_stay(graph: Simulation) -> None:
    for name in ("extensionAttribute1", "extensionAttribute2"):
        await graph.call("PATCH", f"/users/{ADA}", {"onPremisesExtensionAttributes": {name: "x"}})

    user = await graph.get(f"/users/{ADA}?$select=onPremisesExtensionAttributes")
    assert set(user["onPremisesExtensionAttributes"]) == {
        "extensionAttribute1",
        "extensionAttribute2",
    }


async def test_people_are_found_by_mail_in_any_case_and_with_quotes() -> None:
    people = [person("ada", mail="Ada.O'Neil@contoso.example"), person("grace")]
    async with simulation({"users": people}) as graph:
        page = await graph.get(
            "/users?$select=id&$filter=mail eq 'ada.o''neil@CONTOSO.example'&$top=2"
        )
        none = await graph.get("/users?$filter=mail eq 'nobody@contoso.example'")

    assert (page["value"], none["value"]) == ([{"id": ADA}], [])


async def test_a_guest_is_got_by_a_name_with_a_number_sign() -> None:
    guest = person("vera", userPrincipalName="vera_fabrikam.example#EXT#@contoso.example")
    async with simulation({"users": [guest]}) as graph:
        got = await graph.get("/users/vera_fabrikam.example%23EXT%23@contoso.example?$select=id")

    assert got["id"] == id_of("vera")


def plans(user: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {
        plan["servicePlanId"]: (plan["service"], plan["capabilityStatus"])
        for plan in user["assignedPlans"]
    }


async def test_service_plans_follow_from_the_licenses_held(graph: Simulation) -> None:
    _, link, _ = await graph.round("/users/delta?$select=assignedPlans")
    held = plans(await graph.get(f"/users/{ADA}?$select=assignedPlans"))
    reference = {"@odata.id": f"x/users/{id_of('linus')}"}
    await graph.call("POST", f"/groups/{id_of('licensed')}/members/$ref", reference)
    await graph.settle()
    (linus,), _, _ = await graph.round(link, Prefer="return=minimal")

    assert held == {EXCHANGE: ("exchange", "Enabled"), TEAMS: ("TeamspaceAPI", "Enabled")}
    assert (linus["id"], plans(linus)) == (id_of("linus"), held)


async def test_a_plan_that_is_switched_off_is_deleted_unless_another_product_has_it() -> None:
    other = "11111111-2222-3333-4444-555555555555"
    off, on = {"skuId": E3, "disabledPlans": [TEAMS]}, {"skuId": other, "disabledPlans": []}
    tenant = small_tenant() | {
        "users": [person("ada", assignedLicenses=[off]), person("bo", assignedLicenses=[off, on])],
        "groups": [],
    }
    tenant["subscribedSkus"] += [
        product(other, "OTHER", 5, TEAMS1=TEAMS, ODD_PLAN=id_of("odd"))
        | {"capabilityStatus": "Warning"}
    ]
    async with simulation(tenant) as graph:
        ada = plans(await graph.get(f"/users/{ADA}?$select=assignedPlans"))
        bo = plans(await graph.get(f"/users/{id_of('bo')}?$select=assignedPlans"))

    assert ada == {EXCHANGE: ("exchange", "Enabled"), TEAMS: ("TeamspaceAPI", "Deleted")}
    assert bo[TEAMS] == ("TeamspaceAPI", "Warning")
    assert bo[id_of("odd")] == ("ODD", "Warning")


async def test_a_tenant_file_may_name_the_service_and_the_plans_themselves() -> None:
    tenant = small_tenant()
    tenant["subscribedSkus"][0]["servicePlans"][0]["service"] = "Mail"
    given = [{"servicePlanId": TEAMS, "service": "TeamspaceAPI", "capabilityStatus": "Suspended"}]
    tenant["users"][1]["assignedPlans"] = given
    async with simulation(tenant) as graph:
        ada = plans(await graph.get(f"/users/{ADA}?$select=assignedPlans"))
        grace = await graph.get(f"/users/{id_of('grace')}?$select=assignedPlans")
        value, _, _ = await graph.round("/users/delta?$select=assignedPlans")

    assert ada[EXCHANGE] == ("Mail", "Enabled")
    assert grace["assignedPlans"] == given
    assert {one["id"] for one in value if "assignedPlans" in one} >= {ADA, id_of("grace")}
