"""The products Contoso has bought: real skuIds and service plans, as Graph's subscribedSkus.

products.json is an excerpt of Microsoft's "Product names and service plan identifiers for
licensing" (learn.microsoft.com/entra/identity/users/licensing-service-plan-reference).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.tenant.identifiers import TENANT_ID, fixed_id


@dataclass(frozen=True, slots=True)
class Product:
    """A product of Microsoft's catalog; `plans` maps service plan names to their ids."""

    part_number: str
    sku: str
    name: str
    plans: dict[str, str]


def _read() -> dict[str, Product]:
    text = Path(__file__).with_name("products.json").read_text(encoding="utf-8")
    return {
        entry["skuPartNumber"]: Product(
            entry["skuPartNumber"], entry["skuId"], entry["name"], entry["servicePlans"]
        )
        for entry in json.loads(text)
    }


PRODUCTS = _read()

LAPSED = "STANDARDPACK"
"""A subscription that was not renewed: it is suspended and has no seats to give."""


def subscribed_sku(product: Product, consumed: int, seats: int) -> dict[str, Any]:
    """Return the product as Graph's subscribedSku (Graph docs: resources/subscribedsku)."""
    lapsed = product.part_number == LAPSED
    return {
        "id": f"{TENANT_ID}_{product.sku}",
        "accountId": TENANT_ID,
        "accountName": "contoso",
        "skuId": product.sku,
        "skuPartNumber": product.part_number,
        "appliesTo": "User",
        "capabilityStatus": "Suspended" if lapsed else "Enabled",
        "consumedUnits": consumed,
        "prepaidUnits": {
            "enabled": 0 if lapsed else seats,
            "suspended": seats if lapsed else 0,
            "warning": 0,
            "lockedOut": 0,
        },
        "subscriptionIds": [fixed_id("subscription", product.part_number)],
        "servicePlans": [_service_plan(name, plan) for name, plan in product.plans.items()],
    }


def _service_plan(name: str, plan: str) -> dict[str, str]:
    """Foundation plans belong to the company, and Microsoft never finishes provisioning them."""
    foundation = name.startswith("EXCHANGE_S_FOUNDATION")
    return {
        "servicePlanId": plan,
        "servicePlanName": name,
        "provisioningStatus": "PendingProvisioning" if foundation else "Success",
        "appliesTo": "Company" if foundation else "User",
    }
