"""Owners of groups (docs: group-list, group-list-owners).

Expanded with the groups, where Graph gives at most 20 of them: whoever has that many is asked for
by itself. Groups from on-premises and from Exchange show none.
"""

from collections.abc import AsyncIterator, Sequence

from adapters.graph.client import GraphClient
from adapters.graph.concurrency import each
from adapters.graph.deletions import checked
from adapters.graph.paging import Json, items_of
from adapters.sources.reach import Reach
from adapters.sources.stages import Stage, pages_of
from domain.kinds.owners import KIND, Owner
from domain.ports import FactsPage

_START = "/groups?$select=id&$expand=owners($select=id)&$top=999"
_MOST = 20
"""Graph docs: query-parameters, expand."""
_APP = "#microsoft.graph.servicePrincipal"


async def pages(reach: Reach, link: str | None) -> AsyncIterator[FactsPage]:
    """Yield the owners of every group."""
    stage = Stage(_START, KIND.permissions[0], lambda item: ())

    async def of(group: Json) -> list[Owner]:
        return await _owners(reach.graph, group, stage.permission)

    async for items, following in pages_of(reach.graph, stage, link):
        found = await each(of, items)
        yield FactsPage([row for rows in found for row in rows], following)


async def _owners(graph: GraphClient, group: Json, permission: str) -> list[Owner]:
    owners: Sequence[Json] = group.get("owners") or ()
    if len(owners) >= _MOST:
        url = f"/groups/{checked(group['id'])}/owners?$select=id&$top=999"
        owners = await items_of(graph, url, permission)
    return [Owner(group["id"], owner["id"], _type(owner)) for owner in owners]


def _type(owner: Json) -> str:
    return "app" if owner.get("@odata.type") == _APP else "person"
