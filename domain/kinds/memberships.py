"""Memberships: the people directly in a group."""

from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class Membership(NamedTuple):
    """A person in a group."""

    group: Annotated[str, "object id of the group"]
    person: Annotated[str, "object id of the person"]


KIND = Kind(
    name="memberships",
    what="people directly in groups",
    columns=columns_of(Membership),
    permissions=("GroupMember.Read.All",),
    on=True,
)
