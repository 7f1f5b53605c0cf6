"""The catalog: what Microsoft calls its products and service plans. It is asked of no tenant."""

from datetime import timedelta
from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class CatalogEntry(NamedTuple):
    """A service plan of a product."""

    sku: Annotated[str, "skuId"]
    part_number: Annotated[str, "skuPartNumber"]
    name: Annotated[str, "what people call the product"]
    plan: Annotated[str, "service plan id"]
    plan_name: Annotated[str, "service plan name, as Graph has it"]
    plan_title: Annotated[str, "what people call the service plan"]


KIND = Kind(
    name="catalog",
    what="names of products and service plans",
    columns=columns_of(CatalogEntry),
    every=timedelta(days=7),
    on=True,
)
