"""Groups in groups."""

from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class Nesting(NamedTuple):
    """A group in a group."""

    group: Annotated[str, "object id of the outer group"]
    member: Annotated[str, "object id of the group in it"]


KIND = Kind(
    name="nested",
    what="groups directly in groups",
    columns=columns_of(Nesting),
    permissions=("GroupMember.Read.All",),
    on=True,
)
