"""Commercial subscriptions: what was bought (Graph docs: directory-list-subscriptions).

A tenant document may have them; otherwise each product is of one subscription.
"""

from collections.abc import Iterator

from simulators.graph.wire import JsonObject, Request, Response
from simulators.graph.world import World

_BEGAN = "2024-01-15T00:00:00Z"


def list_subscriptions(world: World, request: Request) -> Response:
    """GET /directory/subscriptions: all in one page."""
    context = f"{request.base_url}/$metadata#directory/subscriptions"
    value = world.directory.purchases or list(_derived(world))
    return Response(body={"@odata.context": context, "value": value})


def _derived(world: World) -> Iterator[JsonObject]:
    for sku in world.directory.skus.values():
        units = sku.get("prepaidUnits") or {}
        ids = sku.get("subscriptionIds") or [sku["skuId"]]
        yield {
            "id": ids[0],
            "commerceSubscriptionId": ids[0],
            "createdDateTime": _BEGAN,
            "isTrial": False,
            "nextLifecycleDateTime": None,
            "ownerId": None,
            "ownerTenantId": None,
            "ownerType": None,
            "serviceStatus": sku.get("servicePlans", []),
            "skuId": sku["skuId"],
            "skuPartNumber": sku["skuPartNumber"],
            "status": sku.get("capabilityStatus", "Enabled"),
            "totalLicenses": sum(units.values()),
        }
