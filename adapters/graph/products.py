"""Products: the tenant's `subscribedSkus` (docs: subscribedsku-list)."""

from collections.abc import Mapping

from adapters.graph.client import GraphClient
from adapters.graph.paging import Json, items_of
from adapters.graph.permissions import READ_PRODUCTS
from domain.inventory.product import Product


async def read_products(client: GraphClient) -> Mapping[str, Product]:
    """Return every subscribed product by skuId."""
    skus = await items_of(client, "/subscribedSkus", READ_PRODUCTS)
    return {sku["skuId"]: _product(sku) for sku in skus}


def _product(sku: Json) -> Product:
    plans = sku.get("servicePlans") or ()
    return Product(
        sku=sku["skuId"],
        part_number=sku.get("skuPartNumber") or "",
        enabled=_seats(sku, "enabled"),
        warning=_seats(sku, "warning"),
        consumed=int(sku.get("consumedUnits") or 0),
        plans={plan["servicePlanId"]: plan.get("servicePlanName") or "" for plan in plans},
        suspended=_seats(sku, "suspended"),
        locked_out=_seats(sku, "lockedOut"),
    )


def _seats(sku: Json, state: str) -> int:
    return int((sku.get("prepaidUnits") or {}).get(state) or 0)
