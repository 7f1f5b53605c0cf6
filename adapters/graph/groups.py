"""Groups and their members (docs: group-delta, getbyids, group-list-members)."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from adapters.graph.batch import Call, post_all
from adapters.graph.client import GraphClient
from adapters.graph.concurrency import chunks, each
from adapters.graph.deletions import checked, is_object_id
from adapters.graph.errors import error_of, not_told
from adapters.graph.group_items import GROUP, TYPE, change_of, group_of
from adapters.graph.managers import REMOVED
from adapters.graph.paging import Json, Slice, anyhow, items_in, rest_of, rounds
from adapters.graph.permissions import READ_GROUPS
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply
from domain.errors import Later
from domain.inventory.group import Group
from domain.ports import GroupsPage

_PROPERTIES = (
    "id,displayName,groupTypes,mailEnabled,securityEnabled,onPremisesSyncEnabled,"
    "isAssignableToRole,assignedLicenses"
)
START = f"/groups/delta?$select={_PROPERTIES},members"
_BY_IDS = f"/directoryObjects/getByIds?$select={_PROPERTIES}"
_OUTER = "transitiveMemberOf?$select=id&$top=999"
_MOST_IDS = 1000


async def group_pages(client: GraphClient, token: str | None) -> AsyncGenerator[GroupsPage]:
    """Yield groups and memberships that changed since the token; see `Directory.groups`."""
    async with aclosing(rounds(client, START, token, READ_GROUPS, _read)) as pages:
        async for page in pages:
            yield replace(page.items, token=page.end, after=page.next)


def _read(contents: Sequence[bytes]) -> AsyncGenerator[Slice[GroupsPage]]:
    # Loaded here: the library behind it takes long to load.
    from adapters.graph.group_page import pages_of

    return anyhow(contents, pages_of, plainly)


async def plainly(content: bytes) -> Slice[GroupsPage]:
    """Read a page whatever it says.

    Raises:
        Later: it is no page, or does not say what kind of member joined.
    """
    page = items_in(content)
    last = {item["id"]: item for item in page.items}  # one may come twice: the last word counts
    gone = tuple(group for group, item in last.items() if REMOVED in item)
    # Slices of one group's members may come on one page: each of them counts.
    present = tuple(
        change_of(item) for item in page.items if REMOVED not in item and item["id"] not in gone
    )
    return Slice(GroupsPage(present, gone), page.next, page.end)


async def find_groups(client: GraphClient, ids: Iterable[str]) -> Mapping[str, Group]:
    """Return those of the groups that exist; what is no object id names no group.

    Raises:
        Forbidden: Graph does not let the app read one; it shows its id, and null for the rest.
    """
    wanted = sorted({group for group in ids if is_object_id(group)})

    async def find(part: Sequence[str]) -> list[Json]:
        body = {"ids": list(part), "types": ["group"]}
        return await rest_of(client, await client.send("POST", _BY_IDS, body), READ_GROUPS)

    found = [item for part in await each(find, chunks(wanted, _MOST_IDS)) for item in part]
    if any(item.get("securityEnabled") is None for item in found):
        raise not_told("group", READ_GROUPS)
    return {item["id"]: group_of(item) for item in found}


async def outer_groups(
    client: GraphClient, ids: Iterable[str]
) -> Mapping[str, frozenset[str] | None]:
    """Return the groups around each (docs: group-list-transitivememberof)."""
    asked = list(dict.fromkeys(ids))
    groups = [group for group in asked if is_object_id(group)]
    calls = [Call("GET", f"/groups/{group}/{_OUTER}") for group in groups]
    replies = await post_all(client, calls, READ_GROUPS, priority=Priority.HIGH)

    async def outer(reply: Reply) -> frozenset[str] | None:
        if reply.status == 404:
            return None
        items = await rest_of(client, reply, READ_GROUPS)
        # Administrative units are in the answer, too.
        return frozenset(one["id"] for one in items if one.get(TYPE, GROUP) == GROUP)

    found = await each(outer, replies)
    return dict.fromkeys(asked) | dict(zip(groups, found, strict=True))


async def count_members(client: GraphClient, group: str) -> int:
    """Return how many members a group has; Graph counts in an index that may lag a little."""
    eventual = {"ConsistencyLevel": "eventual"}
    reply = await client.send("GET", f"/groups/{checked(group)}/members/$count", headers=eventual)
    if not reply.ok:
        raise error_of(reply, READ_GROUPS)
    if not isinstance(reply.body, int):
        raise Later("Graph did not say how many members a group has.", after=60.0)
    return reply.body
