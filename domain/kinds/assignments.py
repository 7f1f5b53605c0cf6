"""License assignments: which license someone or some group has, by which route, and how it stands.

What switches the licenses of a group is read with the groups; here it stands beside the people's,
so that one table answers where a license comes from.
"""

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of

PERSON, GROUP = "person", "group"


class Assignment(NamedTuple):
    """One license of one person by one route, or of one group."""

    holder: Annotated[str, "object id of the person or the group"]
    type: Annotated[str, "`person` or `group`"]
    sku: Annotated[str, "skuId of the product"]
    group: Annotated[str | None, "group that gives it to the person; empty where it is direct"]
    state: Annotated[str | None, "`Active`, `ActiveWithError`, `Disabled`, `Error`; of people"]
    error: Annotated[str | None, "what is wrong, such as `CountViolation`; empty where nothing is"]
    enabled: Annotated[tuple[str, ...], "ids of the service plans that are on"]
    disabled: Annotated[tuple[str, ...], "ids of the service plans that are off"]
    updated: Annotated[datetime | None, "when Entra last looked at it; of people"]


KIND = Kind(
    name="assignments",
    what="licenses of people and groups, with origin, state, error and service plans",
    columns=columns_of(Assignment),
    permissions=("User.Read.All", "GroupMember.Read.All", "LicenseAssignment.Read.All"),
    every=timedelta(hours=12),
    on=True,
    flag="EnableAzureLicenseInventory",
)
