"""Deleted people and groups that can still be restored.

Entra keeps them for 30 days; a security group is gone at once and never gets here
(Graph docs: directory-deleteditems-list).
"""

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class Deleted(NamedTuple):
    """A deleted person or group."""

    id: Annotated[str, "object id"]
    type: Annotated[str, "`person` or `group`"]
    name: Annotated[str | None, "display name"]
    principal_name: Annotated[str | None, "user principal name; of people"]
    deleted: Annotated[datetime | None, "when"]


KIND = Kind(
    name="deleted",
    what="deleted people and groups that can still be restored, and when they were deleted",
    columns=columns_of(Deleted),
    permissions=("User.Read.All", "Group.Read.All"),
    every=timedelta(hours=6),
)
