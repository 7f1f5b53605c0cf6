"""Owners of groups: who may change a group's members without being an administrator."""

from datetime import timedelta
from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class Owner(NamedTuple):
    """An owner of a group."""

    group: Annotated[str, "object id of the group"]
    owner: Annotated[str, "object id of the owner"]
    type: Annotated[str, "`person` or `app`"]


KIND = Kind(
    name="owners",
    what="owners of groups",
    columns=columns_of(Owner),
    permissions=("GroupMember.Read.All",),
    every=timedelta(hours=24),
    on=True,
)
