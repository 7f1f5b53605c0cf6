"""Products: subscribed SKUs with their seats and service plans."""

from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class ProductRow(NamedTuple):
    """A product."""

    sku: Annotated[str, "skuId"]
    part_number: Annotated[str, "skuPartNumber"]
    enabled: Annotated[int, "seats paid for"]
    warning: Annotated[int, "seats whose subscription ran out and that can still be assigned"]
    consumed: Annotated[int, "seats in use"]
    suspended: Annotated[int, "seats that cannot be assigned unless it is renewed"]
    locked_out: Annotated[int, "seats locked out because it was canceled"]
    plans: Annotated[tuple[str, ...], "ids of its service plans"]


KIND = Kind(
    name="products",
    what="products with their seats and service plans",
    columns=columns_of(ProductRow),
    permissions=("LicenseAssignment.Read.All",),
    on=True,
    flag="EnableAzureLicenseInventory",
)
