"""What Graph tells beside people and groups: sign-ins, usage, deletions, owners, purchases."""

import csv
import io
from typing import Any

import aiohttp
import pytest

from simulators.graph.reports import SERVICES, conceal
from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import E3, Document, group, id_of, person, small_tenant

SIGN_INS = "/users?$select=id,signInActivity"
REPORT = "/reports/getOffice365ActiveUserDetail(period='D180')"
ACTIVITY = {
    "lastSignInDateTime": "2026-10-30T08:00:00Z",
    "lastNonInteractiveSignInDateTime": "2026-10-31T09:00:00Z",
    "lastSuccessfulSignInDateTime": "2026-10-30T08:00:00Z",
}


def tenant(**parts: Any) -> Document:
    document = small_tenant()
    document["users"][0]["signInActivity"] = ACTIVITY
    return document | parts


def many_owners() -> Document:
    names = [f"owner-{n}" for n in range(25)]
    owned = group("owned", owners=[id_of(name) for name in names])
    few = group("few", owners=[id_of("owner-3")])
    synced = group("from-elsewhere", onPremisesSyncEnabled=True, owners=[id_of("owner-3")])
    people = [person(name) for name in names]
    return {"users": people, "groups": [owned, few, synced]}


# Sign-ins.


async def test_sign_ins_come_with_those_who_ever_signed_in() -> None:
    async with simulation(tenant()) as graph:
        value = (await graph.get(SIGN_INS))["value"]

    assert value[0] == {"id": id_of("ada"), "signInActivity": ACTIVITY}
    assert value[1] == {"id": id_of("grace")}


async def test_sign_ins_are_for_tenants_that_pay_for_them() -> None:
    async with simulation(tenant(), premium=False) as graph:
        status, body, _ = await graph.call("GET", SIGN_INS)
        assert status == 403
        code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
        assert body["error"]["code"] == code
        assert (await graph.call("GET", "/users?$select=id"))[0] == 200


@pytest.mark.parametrize(("settings", "largest"), [({}, 500), ({"sign_in_page": 120}, 120)])
async def test_pages_of_sign_ins_are_smaller(settings: dict[str, Any], largest: int) -> None:
    async with simulation(tenant(), **settings) as graph:
        assert (await graph.call("GET", f"{SIGN_INS}&$top={largest}"))[0] == 200
        status, body, _ = await graph.call("GET", f"{SIGN_INS}&$top={largest + 1}")
        assert status == 400
        assert f"between 1 and {largest}" in body["error"]["message"]


async def test_sign_ins_have_limits_of_their_own() -> None:
    async with simulation(tenant(), report_requests=2, sign_in_requests=1) as graph:
        one = f"/users/{id_of('ada')}?$select=signInActivity"
        assert [(await graph.call("GET", SIGN_INS))[0] for _ in range(3)] == [200, 200, 429]
        assert [(await graph.call("GET", one))[0] for _ in range(2)] == [200, 429]
        assert (await graph.call("GET", "/users?$select=id"))[0] == 200


# Usage.


async def read_report(graph: Simulation) -> list[dict[str, str]]:
    status, body, headers = await graph.call("GET", REPORT)
    assert (status, body) == (302, None)
    async with graph.http.get(headers["Location"]) as answer:
        assert answer.status == 200
        text = (await answer.read()).decode("utf-8")
    assert text.startswith("\ufeffReport Refresh Date,User Principal Name,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


async def test_the_report_has_a_line_for_everyone_with_a_license() -> None:
    async with simulation(tenant(), conceal_report_names=False) as graph:
        (ada,) = await read_report(graph)

    assert len(ada) == 24
    assert ada["User Principal Name"] == "ada@contoso.example"
    assert (ada["Has Exchange License"], ada["Has Yammer License"]) == ("True", "False")
    assert (ada["Teams Last Activity Date"], ada["Yammer Last Activity Date"]) == ("2026-10-30", "")
    assert ada["Assigned Products"] == "SPE_E3"
    assert ada["Is Deleted"] == "False"
    assert {f"{service} Last Activity Date" for service in SERVICES} <= ada.keys()


async def test_names_are_concealed_unless_the_tenant_says_otherwise() -> None:
    async with simulation(tenant()) as graph:
        (ada,) = await read_report(graph)

    assert ada["User Principal Name"] == conceal("ada@contoso.example")
    assert len(ada["Display Name"]) == 32


async def test_the_deleted_are_in_the_report_with_the_day() -> None:
    async with simulation(tenant()) as graph:
        assert (await graph.call("DELETE", f"/users/{id_of('ada')}"))[0] == 204
        (ada,) = await read_report(graph)

    assert ada["Is Deleted"] == "True"
    assert ada["Deleted Date"]


async def test_the_address_of_a_report_dies_and_takes_no_token(graph: Simulation) -> None:
    _, _, headers = await graph.call("GET", REPORT)
    address = headers["Location"]

    assert await status_of(graph, address, Authorization="Bearer local") == 401
    await graph.control("POST", "clock", {"advance": 301})
    assert await status_of(graph, address) == 403
    assert await status_of(graph, address.partition("?")[0]) == 403


async def status_of(graph: Simulation, address: str, **headers: str) -> int:
    async with aiohttp.ClientSession(headers=headers) as http, http.get(address) as answer:
        return answer.status


async def test_a_report_is_given_fourteen_times_in_ten_minutes(graph: Simulation) -> None:
    statuses = [(await graph.call("GET", REPORT))[0] for _ in range(15)]
    assert statuses == [302] * 14 + [429]
    await graph.control("POST", "clock", {"advance": 600})
    assert (await graph.call("GET", REPORT))[0] == 302


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/getOffice365ActiveUserDetail(period='D1')", 400),
        ("/reports/getMailboxUsageDetail(period='D7')", 400),
        ("/reports/microsoft.graph.getOffice365ActiveUserDetail(period='D7')", 302),
    ],
)
async def test_reports_that_do_not_exist_are_refused(
    graph: Simulation, path: str, status: int
) -> None:
    assert (await graph.call("GET", path))[0] == status


# Deletions, owners, purchases, the organization.


async def test_deleted_objects_say_when_and_come_in_pages(graph: Simulation) -> None:
    for name in ("ada", "vera"):
        await graph.call("DELETE", f"/users/{id_of(name)}")
    path = "/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime&$top=1"

    first = await graph.get(path)
    second = await graph.get(first["@odata.nextLink"])

    assert [item["id"] for item in first["value"] + second["value"]] == [
        id_of("ada"),
        id_of("vera"),
    ]
    assert first["value"][0]["deletedDateTime"].endswith("Z")
    assert "@odata.nextLink" not in second
    await graph.call("POST", f"/directory/deletedItems/{id_of('ada')}/restore")
    assert (await graph.get(f"/users/{id_of('ada')}?$select=deletedDateTime"))[
        "deletedDateTime"
    ] is None


async def test_an_expansion_has_twenty_owners_and_the_list_has_all() -> None:
    async with simulation(many_owners()) as graph:
        groups = await graph.get("/groups?$select=id&$expand=owners($select=id)")
        listed = await graph.get(f"/groups/{id_of('owned')}/owners?$select=id")
        await graph.call("DELETE", f"/users/{id_of('owner-3')}")
        few = await graph.get(f"/groups/{id_of('few')}/owners")

    owned, small, synced = (each["owners"] for each in groups["value"])
    assert (len(owned), len(small), len(synced)) == (20, 1, 0)
    assert small == [{"@odata.type": "#microsoft.graph.user", "id": id_of("owner-3")}]
    assert len(listed["value"]) == 25
    assert few["value"] == []


async def test_purchases_follow_from_the_products_unless_the_tenant_has_them() -> None:
    async with simulation(tenant()) as graph:
        derived = (await graph.get("/directory/subscriptions"))["value"]
    bought = {"id": "s-1", "skuId": E3, "status": "Warning", "totalLicenses": 9}
    async with simulation(tenant(companySubscriptions=[bought])) as graph:
        told = (await graph.get("/directory/subscriptions"))["value"]
        kept = await graph.control("GET", "tenant")

    assert (derived[0]["skuPartNumber"], derived[0]["totalLicenses"]) == ("SPE_E3", 2)
    assert told == [bought]
    assert kept["companySubscriptions"] == [bought]


async def test_whoever_may_read_only_people_gets_little_of_the_organization(
    graph: Simulation,
) -> None:
    await graph.control("POST", "permissions", {"granted": ["User.Read.All"]})
    (little,) = (await graph.get("/organization"))["value"]
    await graph.control("POST", "permissions", {"granted": ["Organization.Read.All"]})
    (whole,) = (await graph.get("/organization?$select=id,countryLetterCode"))["value"]

    assert (little["displayName"], little["countryLetterCode"]) == ("Contoso", None)
    assert whole == {"id": id_of("contoso"), "countryLetterCode": "DE"}
