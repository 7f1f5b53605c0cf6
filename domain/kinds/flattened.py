"""Memberships flattened: the people in a group, also through groups nested in it."""

from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class Reach(NamedTuple):
    """A person in a group by a shortest way."""

    group: Annotated[str, "object id of the group"]
    person: Annotated[str, "object id of the person"]
    depth: Annotated[int, "how many groups are in between; 0 where she is in it directly"]
    via: Annotated[
        tuple[str, ...],
        "object ids of those, from the one she is in directly outwards, twenty at most",
    ]


KIND = Kind(
    name="flattened",
    what="people in groups, directly and through nesting, with a shortest way",
    columns=columns_of(Reach),
    permissions=("GroupMember.Read.All",),
    on=True,
)
