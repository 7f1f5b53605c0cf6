"""Groups, and what kind each is."""

from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class GroupRow(NamedTuple):
    """A group."""

    id: Annotated[str, "object id"]
    name: Annotated[str, "display name"]
    types: Annotated[tuple[str, ...], "`Unified` for Microsoft 365 groups, `DynamicMembership`"]
    mail_enabled: Annotated[bool, "whether it has a mail address"]
    security_enabled: Annotated[bool, "whether it can be given access, and licenses"]
    synced: Annotated[bool, "whether it comes from on-premises"]
    role_assignable: Annotated[bool, "whether roles can be assigned to it"]
    licenses: Annotated[tuple[str, ...], "skuIds it hands out"]


KIND = Kind(
    name="groups",
    what="groups, what kind each is, and the licenses it hands out",
    columns=columns_of(GroupRow),
    permissions=("GroupMember.Read.All",),
    on=True,
)
