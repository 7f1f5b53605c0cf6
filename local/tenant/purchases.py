"""What Contoso bought, and until when: a commercial subscription for each product."""

from collections.abc import Iterable
from datetime import date, timedelta

from local.tenant.employment import TODAY
from local.tenant.groups import Resource
from local.tenant.products import LAPSED

_BEGAN = date(2024, 2, 1)
_FREE = "FLOW_FREE"


def purchases(skus: Iterable[Resource]) -> list[Resource]:
    """Return the subscriptions behind the products (Graph docs: resources/companySubscription)."""
    return [_purchase(number, sku) for number, sku in enumerate(skus)]


def _purchase(number: int, sku: Resource) -> Resource:
    (subscription,) = sku["subscriptionIds"]
    units = sku["prepaidUnits"]
    return {
        "id": subscription,
        "commerceSubscriptionId": subscription,
        "createdDateTime": f"{_BEGAN + timedelta(days=11 * number)}T00:00:00Z",
        "isTrial": False,
        "nextLifecycleDateTime": _next(number, sku["skuPartNumber"]),
        "ownerId": None,
        "ownerTenantId": None,
        "ownerType": None,
        "serviceStatus": sku["servicePlans"],
        "skuId": sku["skuId"],
        "skuPartNumber": sku["skuPartNumber"],
        "status": sku["capabilityStatus"],
        "totalLicenses": units["enabled"] + units["suspended"],
    }


def _next(number: int, part_number: str) -> str | None:
    """Return when it renews, or when what is suspended is deleted."""
    if part_number == _FREE:
        return None
    days = 30 if part_number == LAPSED else 45 + 23 * number
    return f"{TODAY + timedelta(days=days)}T00:00:00Z"
