"""Deleted people and groups (docs: directory-deleteditems-list)."""

from collections.abc import AsyncIterator

from adapters.graph.paging import Json
from adapters.sources.reach import Reach, moment
from adapters.sources.stages import Stage, read
from domain.kinds.deleted import KIND, Deleted
from domain.ports import FactsPage

_SELECT = "$top=999&$select=id,displayName,deletedDateTime"
_PEOPLE = f"/directory/deletedItems/microsoft.graph.user?{_SELECT},userPrincipalName"
_GROUPS = f"/directory/deletedItems/microsoft.graph.group?{_SELECT}"


def pages(reach: Reach, link: str | None) -> AsyncIterator[FactsPage]:
    """Yield the people, then the groups."""
    of_people, of_groups = KIND.permissions
    stages = [
        Stage(_PEOPLE, of_people, lambda item: [_row(item, "person")]),
        Stage(_GROUPS, of_groups, lambda item: [_row(item, "group")]),
    ]
    return read(reach.graph, stages, link)


def _row(item: Json, type: str) -> Deleted:
    return Deleted(
        id=item["id"],
        type=type,
        name=item.get("displayName"),
        principal_name=item.get("userPrincipalName"),
        deleted=moment(item.get("deletedDateTime")),
    )
