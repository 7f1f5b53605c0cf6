"""Commercial subscriptions (docs: directory-list-subscriptions)."""

from collections.abc import AsyncIterator

from adapters.graph.paging import Json
from adapters.sources.reach import Reach, moment
from adapters.sources.stages import Stage, read
from domain.kinds.subscriptions import KIND, Subscription
from domain.ports import FactsPage


def pages(reach: Reach, link: str | None) -> AsyncIterator[FactsPage]:
    """Yield the subscriptions."""
    stage = Stage("/directory/subscriptions", KIND.permissions[0], lambda item: [_row(item)])
    return read(reach.graph, [stage], link)


def _row(item: Json) -> Subscription:
    return Subscription(
        id=item["id"],
        commerce_id=item.get("commerceSubscriptionId"),
        sku=item["skuId"],
        part_number=item.get("skuPartNumber"),
        status=item.get("status"),
        seats=item.get("totalLicenses"),
        trial=item.get("isTrial"),
        created=moment(item.get("createdDateTime")),
        next_change=moment(item.get("nextLifecycleDateTime")),
        owner_tenant=item.get("ownerTenantId"),
    )
