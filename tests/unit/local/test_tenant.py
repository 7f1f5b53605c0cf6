"""The generated tenant: the same every time, sound in itself, and believable."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from local.tenant import generate
from tests.unit.local.worlds import held, tenant_of

ROOT = Path(__file__).parents[3]
SIZES = [(100, 3), (500, 1), (2000, 1), (2000, 2)]

ADA = "a34d69f0-c6a1-5350-afef-bb05351a5bde"


def named(tenant: dict[str, Any], name: str) -> dict[str, Any]:
    [group] = [group for group in tenant["groups"] if group["displayName"] == name]
    return dict(group)


def written(people: int, hash_seed: str) -> bytes:
    command = [sys.executable, "-m", "local.tenant", "--people", str(people), "--seed", "7"]
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, check=True
    ).stdout


def test_the_same_size_and_seed_give_the_same_bytes_in_any_process() -> None:
    assert written(300, "1") == written(300, "2")


def test_another_seed_gives_other_people() -> None:
    one, two = ({user["id"] for user in tenant_of(500, seed)["users"]} for seed in (1, 2))

    assert len(one & two) < 20


def test_fewer_people_than_a_tenant_needs_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 100"):
        generate(99, 1)


@pytest.mark.parametrize(("people", "seed"), SIZES)
def test_there_are_exactly_as_many_people_as_asked_for(people: int, seed: int) -> None:
    users = tenant_of(people, seed)["users"]

    assert len(users) == people
    for attribute in ("id", "userPrincipalName"):
        assert len({user[attribute].lower() for user in users}) == people


@pytest.mark.parametrize(("people", "seed"), SIZES)
def test_every_member_and_every_manager_exists(people: int, seed: int) -> None:
    tenant = tenant_of(people, seed)
    users = {user["id"] for user in tenant["users"]}
    groups = {group["id"] for group in tenant["groups"]}

    assert len(groups) == len(tenant["groups"])
    for group in tenant["groups"]:
        assert users | groups >= set(group["members"])
        assert len(set(group["members"])) == len(group["members"])
    assert users >= {user["manager"]["id"] for user in tenant["users"] if "manager" in user}


@pytest.mark.parametrize(("people", "seed"), SIZES)
def test_consumed_seats_are_the_people_who_hold_the_product(people: int, seed: int) -> None:
    tenant = tenant_of(people, seed)
    holders = held(tenant)

    for sku in tenant["subscribedSkus"]:
        assert sku["consumedUnits"] == len(holders[sku["skuId"]])
        assert sku["consumedUnits"] <= sku["prepaidUnits"]["enabled"]
    assert holders.keys() <= {sku["skuId"] for sku in tenant["subscribedSkus"]}


@pytest.mark.parametrize(("people", "seed"), SIZES)
def test_what_was_bought_adds_up_to_the_products(people: int, seed: int) -> None:
    tenant = tenant_of(people, seed)
    seats = {sku["skuId"]: sum(sku["prepaidUnits"].values()) for sku in tenant["subscribedSkus"]}

    bought = {each["skuId"]: each["totalLicenses"] for each in tenant["companySubscriptions"]}
    assert bought == seats
    assert {each["status"] for each in tenant["companySubscriptions"]} == {"Enabled", "Suspended"}


def test_most_signed_in_lately_and_some_never_or_long_ago() -> None:
    users = [user for user in tenant_of(2000, 1)["users"] if user["accountEnabled"]]
    last = [
        user["signInActivity"]["lastSignInDateTime"] for user in users if "signInActivity" in user
    ]
    assert 0.9 < len(last) / len(users) < 0.98
    assert 0.03 < sum(moment < "2026-08-01" for moment in last) / len(users) < 0.1


def test_groups_of_the_cloud_have_owners_and_groups_from_elsewhere_none() -> None:
    tenant = tenant_of(2000, 1)
    users = {user["id"] for user in tenant["users"]}
    owners = {group["displayName"]: group["owners"] for group in tenant["groups"]}
    assert all(users.issuperset(each) for each in owners.values())
    assert owners["AD-Controlling"] == owners["MES-Works council"] == owners["DYN-Guests"] == []
    assert owners["LIC-M365-E3"]
    assert owners["M365-Product launch"]


def test_following_managers_ends_with_the_chief_executive() -> None:
    users = {user["id"]: user for user in tenant_of(2000, 1)["users"]}
    chief = next(user for user in users.values() if user["displayName"] == "Mei Lindqvist")

    def top(user: dict[str, Any], steps: int = 0) -> dict[str, Any]:
        assert steps < 10
        return top(users[user["manager"]["id"]], steps + 1) if "manager" in user else user

    tops = Counter(top(user)["id"] for user in users.values() if user.get("department"))
    assert tops.most_common(1)[0][0] == chief["id"]


def test_groups_products_and_the_cast_keep_their_ids_at_every_size_and_seed() -> None:
    def fixed(tenant: dict[str, Any]) -> dict[str, Any]:
        cast = {user["displayName"]: user["id"] for user in tenant["users"][:9]}
        groups = {group["displayName"]: group["id"] for group in tenant["groups"]}
        return cast | groups | {sku["id"]: sku["skuPartNumber"] for sku in tenant["subscribedSkus"]}

    assert fixed(tenant_of(100, 3)) == fixed(tenant_of(2000, 1))


def test_ada_brandt_is_an_account_manager_in_sales() -> None:
    for people, seed in SIZES:
        [ada] = [user for user in tenant_of(people, seed)["users"] if user["id"] == ADA]

        assert ada["userPrincipalName"] == "ada.brandt@contoso.com"
        assert (ada["department"], ada["jobTitle"]) == ("Sales", "Account Manager")
        assert ada["accountEnabled"]


def test_ids_are_guids_and_every_user_has_what_graph_always_has() -> None:
    tenant = tenant_of(2000, 1)

    for thing in tenant["users"] + tenant["groups"]:
        assert str(UUID(thing["id"])) == thing["id"]
    for user in tenant["users"]:
        assert {"displayName", "accountEnabled", "userType", "createdDateTime"} <= user.keys()
        assert user["userPrincipalName"].isascii()
        assert ("#EXT#" in user["userPrincipalName"]) == (user["userType"] == "Guest")


def test_the_mix_of_accounts_is_that_of_a_company() -> None:
    users = tenant_of(2000, 1)["users"]
    staff = [user for user in users if user.get("employeeHireDate")]

    def share(people: list[dict[str, Any]], of: list[dict[str, Any]]) -> float:
        return len(people) / len(of)

    assert share([user for user in users if user["userType"] == "Guest"], users) == 0.05
    assert 0.02 < share([user for user in staff if not user["accountEnabled"]], staff) < 0.06
    assert 0 < share([user for user in staff if not user.get("department")], staff) < 0.04
    assert 0 < share([user for user in staff if not user.get("country")], staff) < 0.04
    assert 0.01 < share([u for u in staff if u["employeeHireDate"] > "2026-11-01T"], staff) < 0.04
    assert len({user.get("country") for user in staff}) > 10


def test_an_admin_account_has_the_employee_id_of_its_owner() -> None:
    users = tenant_of(2000, 1)["users"]
    owners = {user["id"]: user for user in users}
    admins = [user for user in users if user["userPrincipalName"].startswith("adm-")]

    assert admins
    for admin in admins:
        assert admin["employeeId"] == owners[admin["manager"]["id"]]["employeeId"]


def test_service_accounts_and_shared_mailboxes_are_nobody() -> None:
    users = tenant_of(2000, 1)["users"]
    nobody = [user for user in users if user["userType"] == "Member" and not user["employeeId"]]
    services = [user for user in nobody if user["userPrincipalName"].startswith("svc-")]

    assert services
    assert all(user["accountEnabled"] for user in services)
    assert not any(user["accountEnabled"] for user in nobody if user not in services)
    assert not any(user["department"] for user in nobody)


def test_there_is_a_group_of_every_kind_no_bundle_can_write_to() -> None:
    tenant = tenant_of(500, 1)

    assert named(tenant, "DYN-Germany")["groupTypes"] == ["DynamicMembership"]
    assert named(tenant, "AD-Controlling")["onPremisesSyncEnabled"] is True
    assert named(tenant, "MES-Works council")["mailEnabled"] is True
    assert named(tenant, "MES-Works council")["securityEnabled"] is True
    assert named(tenant, "M365-Product launch")["groupTypes"] == ["Unified"]
    assert named(tenant, "ROLE-Helpdesk administrators")["isAssignableToRole"] is True


def test_groups_are_nested_three_deep_and_two_contain_each_other() -> None:
    tenant = tenant_of(500, 1)
    borealis, cobalt = named(tenant, "PRJ-Borealis"), named(tenant, "PRJ-Cobalt")

    assert named(tenant, "FLD-Europe")["id"] in named(tenant, "FLD-Field workforce")["members"]
    assert named(tenant, "FLD-Germany")["id"] in named(tenant, "FLD-Europe")["members"]
    assert cobalt["id"] in borealis["members"]
    assert borealis["id"] in cobalt["members"]


def test_license_groups_are_assigned_cloud_security_groups_with_licenses() -> None:
    tenant = tenant_of(500, 1)
    groups = [group for group in tenant["groups"] if group["displayName"].startswith("LIC-")]
    people = {user["id"] for user in tenant["users"]}
    plans = {
        sku["skuId"]: {plan["servicePlanId"] for plan in sku["servicePlans"]}
        for sku in tenant["subscribedSkus"]
    }

    assert len(groups) >= 24
    for group in groups:
        assert group["groupTypes"] == []
        assert (group["securityEnabled"], group["mailEnabled"]) == (True, False)
        assert people >= set(group["members"])
        assert group["assignedLicenses"]
        for license in group["assignedLicenses"]:
            assert plans[license["skuId"]] >= set(license["disabledPlans"])


def test_some_who_left_still_hold_a_license_and_some_groups_are_empty() -> None:
    tenant = tenant_of(2000, 1)
    users = {user["id"]: user for user in tenant["users"]}
    e3 = named(tenant, "LIC-M365-E3")

    assert "Oskar Delacroix" in {
        users[member]["displayName"]
        for member in e3["members"]
        if not users[member]["accountEnabled"]
    }
    assert named(tenant, "LIC-Entra-P2")["members"] == []


def test_direct_licenses_are_active_and_given_only_where_graph_allows() -> None:
    licensed = [user for user in tenant_of(2000, 1)["users"] if user["assignedLicenses"]]

    assert licensed
    for user in licensed:
        assert user["usageLocation"]
        states = user["licenseAssignmentStates"]
        assert [state["skuId"] for state in states] == [
            license["skuId"] for license in user["assignedLicenses"]
        ]
        assert {state["assignedByGroup"] for state in states} == {None}
        assert {state["state"] for state in states} == {"Active"}
