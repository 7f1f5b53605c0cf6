"""The organization (docs: organization-list).

Whoever may read only people gets its id, its name and its domains, and nothing for the rest.
"""

from collections.abc import AsyncIterator

from adapters.graph.paging import Json
from adapters.sources.reach import Reach, moment
from adapters.sources.stages import Stage, read
from domain.errors import Forbidden
from domain.kinds.organization import KIND, Organization
from domain.ports import FactsPage


def pages(reach: Reach, link: str | None) -> AsyncIterator[FactsPage]:
    """Yield the one organization."""
    return read(reach.graph, [Stage("/organization", KIND.permissions[0], _rows)], link)


def _rows(item: Json) -> list[Organization]:
    if item.get("createdDateTime") is None:
        raise Forbidden(
            "Graph told the organization's name only.",
            f"Grant the app's identity the application permission {KIND.permissions[0]}.",
        )
    return [_row(item)]


def _row(item: Json) -> Organization:
    return Organization(
        id=item["id"],
        name=item.get("displayName"),
        type=item.get("tenantType"),
        country=item.get("countryLetterCode"),
        usage_location=item.get("defaultUsageLocation"),
        language=item.get("preferredLanguage"),
        synced=bool(item.get("onPremisesSyncEnabled")),
        last_synced=moment(item.get("onPremisesLastSyncDateTime")),
        created=moment(item.get("createdDateTime")),
        technical_mails=tuple(item.get("technicalNotificationMails") or ()),
    )
