"""A small tenant whose people and groups have names, and what they are for."""

from typing import Any
from uuid import NAMESPACE_DNS, uuid5

type Document = dict[str, Any]

E3 = "05e9a617-0261-4cee-bb44-138d3ef5d965"
E1 = "18181a46-0d4e-45cd-891e-60aabd171b4e"
PHONE = "e43b5b99-8dfb-405f-9987-dc307f34bcbd"
EXCHANGE = "efb87545-963c-4e0d-99df-69c6916d9eb0"
TEAMS = "57ff2da0-773e-42df-b2af-ffb7a2317929"


def id_of(name: str) -> str:
    """Return the object id of a person or group by name."""
    return str(uuid5(NAMESPACE_DNS, name))


def person(name: str, **properties: Any) -> Document:
    return {
        "id": id_of(name),
        "userPrincipalName": f"{name}@contoso.example",
        "displayName": name.title(),
        "accountEnabled": True,
        "usageLocation": "DE",
        "userType": "Member",
    } | properties


def group(name: str, *members: str, skus: tuple[str, ...] = (), **properties: Any) -> Document:
    document = {
        "id": id_of(name),
        "displayName": name,
        "mailNickname": name,
        "mailEnabled": False,
        "securityEnabled": True,
        "groupTypes": [],
        "members": [id_of(member) for member in members],
    }
    if skus:
        document["assignedLicenses"] = [{"skuId": sku, "disabledPlans": []} for sku in skus]
    return document | properties


def product(sku_id: str, part_number: str, seats: int, **plans: str) -> Document:
    return {
        "skuId": sku_id,
        "skuPartNumber": part_number,
        "capabilityStatus": "Enabled",
        "prepaidUnits": {"enabled": seats, "suspended": 0, "warning": 0, "lockedOut": 0},
        "servicePlans": [
            {
                "servicePlanId": plan_id,
                "servicePlanName": name,
                "provisioningStatus": "Success",
                "appliesTo": "User",
            }
            for name, plan_id in plans.items()
        ],
    }


def small_tenant(e3_seats: int = 2) -> Document:
    """Ada, Grace and Linus work; Vera is a guest; Nemo has no usage location."""
    return {
        "organization": {
            "id": id_of("contoso"),
            "displayName": "Contoso",
            "countryLetterCode": "DE",
        },
        "users": [
            person("ada", department="Finance", manager={"id": id_of("grace")}),
            person("grace", department="Finance"),
            person("linus", department="Sales"),
            person("vera", userType="Guest"),
            person("nemo", usageLocation=None),
        ],
        "groups": [
            group("plain", "ada"),
            group("nesting", "plain", "grace"),
            group("licensed", "ada", skus=(E3,)),
            group("dynamic", groupTypes=["DynamicMembership"], membershipRule="user.city -eq 'X'"),
            group("synced", onPremisesSyncEnabled=True),
            group("mail", mailEnabled=True),
            group("roles", isAssignableToRole=True),
            group("team", groupTypes=["Unified"], mailEnabled=True),
        ],
        "subscribedSkus": [
            product(E3, "SPE_E3", e3_seats, EXCHANGE_S_ENTERPRISE=EXCHANGE, TEAMS1=TEAMS),
            product(E1, "STANDARDPACK", 5, EXCHANGE_S_STANDARD=id_of("exchange-standard")),
            product(PHONE, "MCOEV", 5, MCOEV=id_of("mcoev")),
        ],
    }
