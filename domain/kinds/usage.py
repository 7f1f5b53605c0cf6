"""Usage: when each person last used which Microsoft 365 service.

Microsoft's report lags about two days, and names its people by hashes unless the tenant's reports
setting says otherwise (Graph docs: reportroot-getoffice365activeuserdetail).
"""

from datetime import date, timedelta
from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class Usage(NamedTuple):
    """One person's line of the report."""

    refreshed: Annotated[date | None, "the day the report is of"]
    principal_name: Annotated[str, "user principal name, or a hash where names are concealed"]
    concealed: Annotated[bool, "whether the name is a hash, so that no person can be found by it"]
    name: Annotated[str | None, "display name, or a hash likewise"]
    deleted: Annotated[bool | None, "whether the account is deleted"]
    deleted_on: Annotated[date | None, "when"]
    has_exchange: Annotated[bool | None, "whether she has a license of Exchange"]
    has_onedrive: Annotated[bool | None, "of OneDrive"]
    has_sharepoint: Annotated[bool | None, "of SharePoint"]
    has_skype: Annotated[bool | None, "of Skype for Business"]
    has_yammer: Annotated[bool | None, "of Yammer"]
    has_teams: Annotated[bool | None, "of Teams"]
    exchange: Annotated[date | None, "the last day she used Exchange"]
    onedrive: Annotated[date | None, "OneDrive"]
    sharepoint: Annotated[date | None, "SharePoint"]
    skype: Annotated[date | None, "Skype for Business"]
    yammer: Annotated[date | None, "Yammer"]
    teams: Annotated[date | None, "Teams"]
    exchange_since: Annotated[date | None, "when she was given the license of Exchange"]
    onedrive_since: Annotated[date | None, "of OneDrive"]
    sharepoint_since: Annotated[date | None, "of SharePoint"]
    skype_since: Annotated[date | None, "of Skype for Business"]
    yammer_since: Annotated[date | None, "of Yammer"]
    teams_since: Annotated[date | None, "of Teams"]
    products: Annotated[tuple[str, ...], "names of the products assigned"]


KIND = Kind(
    name="usage",
    what="the last day people used each Microsoft 365 service; about two days late",
    columns=columns_of(Usage),
    permissions=("Reports.Read.All",),
    every=timedelta(hours=24),
)
