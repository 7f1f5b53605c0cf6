"""The organization: what the tenant is."""

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class Organization(NamedTuple):
    """The tenant; there is one row."""

    id: Annotated[str, "tenant id"]
    name: Annotated[str | None, "display name"]
    type: Annotated[str | None, "`AAD`, `AAD B2C` or `CIAM`"]
    country: Annotated[str | None, "country, as a code of two letters"]
    usage_location: Annotated[str | None, "the usage location of people who have none"]
    language: Annotated[str | None, "preferred language"]
    synced: Annotated[bool | None, "whether it is synced from on-premises"]
    last_synced: Annotated[datetime | None, "when it last was"]
    created: Annotated[datetime | None, "when the tenant was made"]
    technical_mails: Annotated[tuple[str, ...], "addresses for technical notices"]


KIND = Kind(
    name="organization",
    what="the tenant's name, country, sync state and contacts",
    columns=columns_of(Organization),
    permissions=("Organization.Read.All",),
    every=timedelta(hours=24),
)
