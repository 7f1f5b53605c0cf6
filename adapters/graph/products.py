"""Products: the tenant's `subscribedSkus` (docs: subscribedsku-list)."""

from collections.abc import Mapping

from adapters.graph.client import GraphClient
from adapters.graph.paging import Json, items_of
from adapters.graph.permissions import READ_PRODUCTS
from domain.errors import Later
from domain.inventory.product import Product

_TOLD = ("prepaidUnits", "consumedUnits", "servicePlans")
_AGAIN = 60.0


async def read_products(client: GraphClient) -> Mapping[str, Product]:
    """Return every subscribed product by skuId.

    Raises:
        Later: Graph cannot answer now, or left out what makes a product.
    """
    skus = await items_of(client, "/subscribedSkus", READ_PRODUCTS)
    return {sku["skuId"]: _product(sku) for sku in skus}


def _product(sku: Json) -> Product:
    if any(sku.get(name) is None for name in _TOLD):
        # Seats would be promised twice, and plans that come to light later be taken for new ones.
        raise Later("Graph listed a product without its seats or service plans.", _AGAIN)
    plans = sku["servicePlans"]
    return Product(
        sku=sku["skuId"],
        part_number=sku.get("skuPartNumber") or "",
        enabled=_seats(sku, "enabled"),
        warning=_seats(sku, "warning"),
        consumed=int(sku["consumedUnits"]),
        plans={plan["servicePlanId"]: plan.get("servicePlanName") or "" for plan in plans},
        suspended=_seats(sku, "suspended"),
        locked_out=_seats(sku, "lockedOut"),
    )


def _seats(sku: Json, state: str) -> int:
    return int(sku["prepaidUnits"].get(state) or 0)
