"""A tenant in which everybody lives in one of fifty cities, and each city has a bundle."""

import json
from typing import Any
from uuid import UUID

import yaml

BUNDLES = 50
_SKU = "f30db892-07e9-47e9-837c-80727f46fd3d"


def person(number: int) -> str:
    """Return a person's id."""
    return str(UUID(int=(1 << 100) + number))


def group(number: int) -> str:
    """Return the id of a city's license group."""
    return str(UUID(int=(2 << 100) + number))


def tenant(people: int) -> bytes:
    """Return the document: everybody holds the bundle of her city."""
    return json.dumps(
        {
            "users": [_user(number) for number in range(people)],
            "groups": [_group(number, people) for number in range(BUNDLES)],
            "subscribedSkus": [
                {
                    "skuId": _SKU,
                    "skuPartNumber": "FLOW_FREE",
                    "prepaidUnits": {"enabled": 10 * people, "warning": 0, "suspended": 0},
                    "servicePlans": [],
                }
            ],
        }
    ).encode()


def bundle(number: int, also: int | None = None) -> str:
    """Return a city's bundle, or one for a second city as well."""
    cities = [f'user.city -eq "City {n}"' for n in (number, also) if n is not None]
    return yaml.safe_dump(
        {
            "id": f"b{number:02}",
            "name": f"City {number}",
            "target": {"group": group(number)},
            "products": [{"sku": _SKU}],
            "policy": {"rule": " -or ".join(cities)},
            "unmanaged": "remove",
            "limits": {
                "revokes": {"percent": 100_000, "floor": 1_000_000},
                "grants": {"percent": None},
            },
        }
    )


def tenant_policy() -> str:
    """Return the tenant's policy, with no limits in the way."""
    return "tenant: {limits: {revokes: {percent: 100000, floor: 1000000}}}"


def _user(number: int) -> dict[str, Any]:
    return {
        "id": person(number),
        "displayName": f"Person {number}",
        "userPrincipalName": f"p{number}@contoso.com",
        "accountEnabled": True,
        "userType": "Member",
        "usageLocation": "DE",
        "city": f"City {number % BUNDLES}",
    }


def _group(number: int, people: int) -> dict[str, Any]:
    return {
        "id": group(number),
        "displayName": f"LIC-City-{number}",
        "groupTypes": [],
        "mailEnabled": False,
        "securityEnabled": True,
        "assignedLicenses": [{"skuId": _SKU, "disabledPlans": []}],
        "members": [person(n) for n in range(number, people, BUNDLES)],
    }
