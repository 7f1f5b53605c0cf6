"""Subscriptions: what was bought, for how many seats, and when it renews or ends.

Several may be of one product; their seats by status add up to the product's.
"""

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class Subscription(NamedTuple):
    """A commercial subscription (Graph docs: resources/companySubscription)."""

    id: Annotated[str, "id"]
    commerce_id: Annotated[str | None, "id in the commerce system, as on the invoice"]
    sku: Annotated[str, "skuId of the product"]
    part_number: Annotated[str | None, "skuPartNumber"]
    status: Annotated[str | None, "`Enabled`, `Warning`, `Suspended`, `Deleted` or `LockedOut`"]
    seats: Annotated[int | None, "seats bought"]
    trial: Annotated[bool | None, "whether it is free for a time"]
    created: Annotated[datetime | None, "when it began"]
    next_change: Annotated[datetime | None, "when it renews, or its status becomes the next"]
    owner_tenant: Annotated[str | None, "tenant id of the partner that manages it"]


KIND = Kind(
    name="subscriptions",
    what="subscriptions with their seats, status and renewal dates",
    columns=columns_of(Subscription),
    permissions=("Organization.Read.All",),
    every=timedelta(hours=6),
    flag="EnableAzureLicenseInventory",
)
