"""Group-based licensing in the background, and licenses given directly."""

from typing import Any

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import (
    E1,
    E3,
    EXCHANGE,
    PHONE,
    TEAMS,
    group,
    id_of,
    person,
    product,
    small_tenant,
)

STATES = "?$select=assignedLicenses,licenseAssignmentStates"


async def add(graph: Simulation, name: str, to: str = "licensed") -> None:
    reference = {"@odata.id": f"x/users/{id_of(name)}"}
    status, document, _ = await graph.call("POST", f"/groups/{id_of(to)}/members/$ref", reference)
    assert status == 204, document
    await graph.settle()


async def remove(graph: Simulation, name: str, out_of: str = "licensed") -> None:
    path = f"/groups/{id_of(out_of)}/members/{id_of(name)}/$ref"
    assert (await graph.call("DELETE", path))[0] == 204
    await graph.settle()


async def states(graph: Simulation, name: str) -> dict[tuple[str | None, str], tuple[str, str]]:
    """Return state and error by source group and product."""
    user = await graph.get(f"/users/{id_of(name)}{STATES}")
    return {
        (state["assignedByGroup"], state["skuId"]): (state["state"], state["error"])
        for state in user["licenseAssignmentStates"]
    }


async def held(graph: Simulation, name: str) -> list[str]:
    user = await graph.get(f"/users/{id_of(name)}{STATES}")
    return [one["skuId"] for one in user["assignedLicenses"]]


async def consumed(graph: Simulation, sku_id: str = E3) -> int:
    page = await graph.get("/subscribedSkus")
    (units,) = [sku["consumedUnits"] for sku in page["value"] if sku["skuId"] == sku_id]
    assert isinstance(units, int)
    return units


async def assign(graph: Simulation, path: str, *add: str, remove: tuple[str, ...] = ()) -> int:
    body = {"addLicenses": [{"skuId": sku} for sku in add], "removeLicenses": list(remove)}
    status, _, _ = await graph.call("POST", f"{path}/assignLicense", body)
    await graph.settle()
    return status


def two_groups(*skus: dict[str, Any], **groups: tuple[str, ...]) -> dict[str, Any]:
    """Return a tenant with Ada and Grace, and empty groups handing out these products."""
    return {
        "users": [person("ada"), person("grace")],
        "groups": [group(name, skus=given) for name, given in groups.items()],
        "subscribedSkus": list(skus),
    }


OFFICE = product(E3, "SPE_E3", 1, EXCHANGE_S_ENTERPRISE=EXCHANGE, TEAMS1=TEAMS)
BASIC = product(E1, "STANDARDPACK", 9, EXCHANGE_S_STANDARD=id_of("exchange-standard"))
CALLS = product(PHONE, "MCOEV", 9, MCOEV=id_of("mcoev"))


async def test_a_new_member_gets_the_groups_license_and_loses_it_on_leaving(
    graph: Simulation,
) -> None:
    await add(graph, "linus")
    assert await states(graph, "linus") == {(id_of("licensed"), E3): ("Active", "None")}
    assert await held(graph, "linus") == [E3]
    assert await consumed(graph) == 2

    await remove(graph, "linus")
    assert await states(graph, "linus") == {}
    assert await held(graph, "linus") == []
    assert await consumed(graph) == 1


async def test_the_license_comes_after_the_membership_and_not_with_it() -> None:
    async with simulation(small_tenant(), license_delay=3600) as graph:
        reference = {"@odata.id": f"x/users/{id_of('linus')}"}
        await graph.call("POST", f"/groups/{id_of('licensed')}/members/$ref", reference)
        assert await states(graph, "linus") == {}

        await graph.control("POST", "clock", {"advance": 3601})
        await graph.settle()
        assert await held(graph, "linus") == [E3]


async def test_who_finds_no_seat_waits_in_error_until_reprocessed(graph: Simulation) -> None:
    await add(graph, "linus")
    await add(graph, "grace")
    failed = {(id_of("licensed"), E3): ("Error", "CountViolation")}
    assert await states(graph, "grace") == failed
    assert await held(graph, "grace") == []

    await remove(graph, "linus")
    assert await states(graph, "grace") == failed

    await graph.sdk.users.by_user_id(id_of("grace")).reprocess_license_assignment.post()
    await graph.settle()
    assert await held(graph, "grace") == [E3]
    assert await consumed(graph) == 2


async def test_groups_whose_members_have_errors_can_be_found(graph: Simulation) -> None:
    await add(graph, "linus")
    await add(graph, "grace")

    failing = await graph.get("/groups?$filter=hasMembersWithLicenseErrors eq true")
    members = await graph.get(f"/groups/{id_of('licensed')}/membersWithLicenseErrors")
    licensed = await graph.get(f"/groups?$filter=assignedLicenses/any(x:x/skuId eq {E3})")

    assert [one["displayName"] for one in failing["value"]] == ["licensed"]
    assert [one["displayName"] for one in members["value"]] == ["Grace"]
    assert [one["displayName"] for one in licensed["value"]] == ["licensed"]


async def test_two_sources_take_one_seat_and_losing_one_keeps_the_other() -> None:
    async with simulation(two_groups(OFFICE, one=(E3,), two=(E3,))) as graph:
        await add(graph, "ada", "one")
        await add(graph, "ada", "two")
        assert await consumed(graph) == 1
        assert len(await states(graph, "ada")) == 2

        await remove(graph, "ada", "one")
        assert await held(graph, "ada") == [E3]
        assert await states(graph, "ada") == {(id_of("two"), E3): ("Active", "None")}


async def test_a_service_plan_is_off_only_when_all_sources_say_so() -> None:
    tenant = two_groups(OFFICE, one=(E3,), two=(E3,))
    tenant["groups"][0]["assignedLicenses"][0]["disabledPlans"] = [EXCHANGE, TEAMS]
    tenant["groups"][1]["assignedLicenses"][0]["disabledPlans"] = [EXCHANGE]
    async with simulation(tenant) as graph:
        await add(graph, "ada", "one")
        await add(graph, "ada", "two")
        user = await graph.get(f"/users/{id_of('ada')}{STATES}")

    assert user["assignedLicenses"] == [{"skuId": E3, "disabledPlans": [EXCHANGE]}]


async def test_direct_and_inherited_live_side_by_side(graph: Simulation) -> None:
    assert await assign(graph, f"/users/{id_of('linus')}", E3) == 200
    await add(graph, "linus")
    assert set(await states(graph, "linus")) == {(None, E3), (id_of("licensed"), E3)}
    assert await consumed(graph) == 2

    assert await assign(graph, f"/users/{id_of('linus')}", remove=(E3,)) == 200
    assert set(await states(graph, "linus")) == {(id_of("licensed"), E3)}
    assert await consumed(graph) == 2


async def test_people_in_nested_groups_get_nothing(graph: Simulation) -> None:
    reference = {"@odata.id": f"x/groups/{id_of('nesting')}"}
    path = f"/groups/{id_of('licensed')}/members/$ref"
    assert (await graph.call("POST", path, reference))[0] == 204
    await graph.settle()

    assert await states(graph, "grace") == {}


async def test_products_that_exclude_each_other_end_in_an_error() -> None:
    async with simulation(two_groups(OFFICE, BASIC, big=(E3,), small=(E1,))) as graph:
        await add(graph, "ada", "big")
        await add(graph, "ada", "small")

        assert await states(graph, "ada") == {
            (id_of("big"), E3): ("Active", "None"),
            (id_of("small"), E1): ("Error", "MutuallyExclusiveViolation"),
        }
        await remove(graph, "ada", "big")
        assert await states(graph, "ada") == {(id_of("small"), E1): ("Active", "None")}


async def test_an_add_on_needs_what_it_builds_on() -> None:
    async with simulation(two_groups(OFFICE, CALLS, calls=(PHONE,), big=(E3,))) as graph:
        await add(graph, "ada", "calls")
        missing = await states(graph, "ada")
        await add(graph, "ada", "big")
        await graph.call("POST", f"/users/{id_of('ada')}/reprocessLicenseAssignment")
        await graph.settle()
        present = await states(graph, "ada")

    assert missing == {(id_of("calls"), PHONE): ("Error", "DependencyViolation")}
    assert present[id_of("calls"), PHONE] == ("Active", "None")


async def test_a_license_that_another_depends_on_stays_with_an_error() -> None:
    async with simulation(two_groups(OFFICE, CALLS, calls=(PHONE,), big=(E3,))) as graph:
        await add(graph, "ada", "big")
        await add(graph, "ada", "calls")
        await remove(graph, "ada", "big")

        assert await states(graph, "ada") == {
            (id_of("big"), E3): ("ActiveWithError", "DependencyViolation"),
            (id_of("calls"), PHONE): ("Active", "None"),
        }
        await remove(graph, "ada", "calls")
        assert await states(graph, "ada") == {}
        assert await consumed(graph) == 0


async def test_a_license_that_a_direct_one_depends_on_stays_until_that_has_gone() -> None:
    async with simulation(two_groups(OFFICE, CALLS, big=(E3,))) as graph:
        await add(graph, "ada", "big")
        assert await assign(graph, f"/users/{id_of('ada')}", PHONE) == 200
        await remove(graph, "ada", "big")
        kept = {
            (None, PHONE): ("Active", "None"),
            (id_of("big"), E3): ("ActiveWithError", "DependencyViolation"),
        }
        assert await states(graph, "ada") == kept
        await graph.call("POST", f"/users/{id_of('ada')}/reprocessLicenseAssignment")
        await graph.settle()
        assert await states(graph, "ada") == kept
        assert await held(graph, "ada") == [PHONE, E3]
        assert await consumed(graph) == 1

        assert await assign(graph, f"/users/{id_of('ada')}", remove=(PHONE,)) == 200
        await graph.call("POST", f"/users/{id_of('ada')}/reprocessLicenseAssignment")
        await graph.settle()
        assert await states(graph, "ada") == {}
        assert await consumed(graph) == 0


async def test_who_comes_back_while_the_license_stays_has_it_without_error() -> None:
    async with simulation(two_groups(OFFICE, CALLS, calls=(PHONE,), big=(E3,))) as graph:
        await add(graph, "ada", "big")
        await add(graph, "ada", "calls")
        await remove(graph, "ada", "big")
        await add(graph, "ada", "big")
        assert (await states(graph, "ada"))[id_of("big"), E3] == ("Active", "None")


async def test_what_holds_a_license_back_may_be_another_product_of_its_own_group() -> None:
    both = two_groups(OFFICE, CALLS, both=(PHONE, E3))
    async with simulation(both) as graph:
        await add(graph, "ada", "both")
        assert set((await states(graph, "ada")).values()) == {("Active", "None")}
        await remove(graph, "ada", "both")
        assert await states(graph, "ada") == {}


async def test_a_product_added_to_a_group_fails_alone_for_who_holds_the_first() -> None:
    none_left = product(E1, "STANDARDPACK", 0, YAMMER=id_of("yammer"))
    async with simulation(two_groups(OFFICE, none_left, one=(E3,))) as graph:
        await add(graph, "ada", "one")
        assert await assign(graph, f"/groups/{id_of('one')}", E1) == 202
        assert await states(graph, "ada") == {
            (id_of("one"), E3): ("Active", "None"),
            (id_of("one"), E1): ("Error", "CountViolation"),
        }


async def test_switching_a_plan_off_on_a_group_reaches_its_members(graph: Simulation) -> None:
    body = {"addLicenses": [{"skuId": E3, "disabledPlans": [TEAMS]}], "removeLicenses": []}
    path = f"/groups/{id_of('licensed')}"
    assert (await graph.call("POST", f"{path}/assignLicense", body))[0] == 202
    await graph.settle()

    user = await graph.get(f"/users/{id_of('ada')}{STATES}")
    assert user["assignedLicenses"] == [{"skuId": E3, "disabledPlans": [TEAMS]}]
    group_now = await graph.get(f"{path}?$select=assignedLicenses")
    assert group_now["assignedLicenses"] == [{"skuId": E3, "disabledPlans": [TEAMS]}]


async def test_a_plan_off_on_the_group_is_on_where_the_direct_license_has_it(
    graph: Simulation,
) -> None:
    assert await assign(graph, f"/users/{id_of('ada')}", E3) == 200
    body = {"addLicenses": [{"skuId": E3, "disabledPlans": [TEAMS]}], "removeLicenses": []}
    await graph.call("POST", f"/groups/{id_of('licensed')}/assignLicense", body)
    await graph.settle()
    user = await graph.get(f"/users/{id_of('ada')}{STATES}")
    assert user["assignedLicenses"] == [{"skuId": E3, "disabledPlans": []}]
    assert await assign(graph, f"/users/{id_of('ada')}", remove=(E3,)) == 200
    user = await graph.get(f"/users/{id_of('ada')}{STATES}")
    assert user["assignedLicenses"] == [{"skuId": E3, "disabledPlans": [TEAMS]}]


async def test_a_corrected_location_helps_only_once_somebody_asks(graph: Simulation) -> None:
    await graph.control("PATCH", "users/linus@contoso.example", {"usageLocation": "KP"})
    await add(graph, "linus")
    await graph.control("PATCH", "users/linus@contoso.example", {"usageLocation": "DE"})
    await graph.settle()
    failed = ("Error", "ProhibitedInUsageLocationViolation")
    assert await states(graph, "linus") == {(id_of("licensed"), E3): failed}
    await graph.call("POST", f"/users/{id_of('linus')}/reprocessLicenseAssignment")
    await graph.settle()
    assert await held(graph, "linus") == [E3]


async def test_one_failing_product_keeps_the_groups_others_back() -> None:
    none_left = product(E3, "SPE_E3", 0, TEAMS1=TEAMS)
    async with simulation(two_groups(none_left, BASIC, both=(E1, E3))) as graph:
        await add(graph, "ada", "both")

        assert await states(graph, "ada") == {
            (id_of("both"), E1): ("Error", "Other"),
            (id_of("both"), E3): ("Error", "CountViolation"),
        }


async def test_a_prohibited_country_is_an_error_and_an_empty_one_the_tenants(
    graph: Simulation,
) -> None:
    await graph.control("PATCH", "users/linus@contoso.example", {"usageLocation": "KP"})
    await add(graph, "linus")
    await add(graph, "nemo")

    failed = ("Error", "ProhibitedInUsageLocationViolation")
    assert await states(graph, "linus") == {(id_of("licensed"), E3): failed}
    assert await held(graph, "nemo") == [E3]


async def test_a_groups_licenses_change_in_the_background() -> None:
    async with simulation(small_tenant(), license_delay=3600) as graph:
        path = f"/groups/{id_of('plain')}"
        body = {"addLicenses": [{"skuId": PHONE}, {"skuId": E3}], "removeLicenses": []}
        status, _, headers = await graph.call("POST", f"{path}/assignLicense", body)
        select = "?$select=licenseProcessingState,assignedLicenses"
        queued = await graph.get(path + select)
        await graph.control("POST", "clock", {"advance": 3601})
        await graph.settle()
        done = await graph.get(path + select)
        ada = await held(graph, "ada")

    assert status == 202
    assert id_of("plain") in headers["location"]
    assert queued["licenseProcessingState"] == {"state": "QueuedForProcessing"}
    assert done["licenseProcessingState"] == {"state": "ProcessingComplete"}
    assert ada == [E3, PHONE]


async def test_seats_of_a_suspended_product_are_gone_and_seats_in_grace_are_not() -> None:
    grace = product(E3, "SPE_E3", 0, TEAMS1=TEAMS)
    grace["prepaidUnits"]["warning"] = 1
    async with simulation(two_groups(grace, one=(E3,))) as graph:
        await add(graph, "ada", "one")
        assert await held(graph, "ada") == [E3]
    suspended = OFFICE | {"capabilityStatus": "Suspended"}
    async with simulation(two_groups(suspended, one=(E3,))) as graph:
        await add(graph, "ada", "one")
        assert await states(graph, "ada") == {(id_of("one"), E3): ("Error", "CountViolation")}


async def test_a_deleted_user_frees_the_seat_and_takes_one_again_when_restored(
    graph: Simulation,
) -> None:
    await graph.call("DELETE", f"/users/{id_of('ada')}")
    assert await consumed(graph) == 0

    await graph.call("POST", f"/directory/deletedItems/{id_of('ada')}/restore")
    await graph.settle()
    assert await consumed(graph) == 1
    assert await held(graph, "ada") == [E3]


async def test_a_loaded_tenants_group_licenses_are_given_in_order_until_seats_run_out() -> None:
    tenant = two_groups(OFFICE, one=(E3,))
    tenant["groups"][0]["members"] = [id_of("grace"), id_of("ada")]
    async with simulation(tenant) as graph:
        assert await held(graph, "grace") == [E3]
        assert await states(graph, "ada") == {(id_of("one"), E3): ("Error", "CountViolation")}
        dumped = await graph.control("GET", "tenant")
        await graph.control("PUT", "tenant", dumped)
        assert await graph.control("GET", "tenant") == dumped
        assert await consumed(graph) == 1
