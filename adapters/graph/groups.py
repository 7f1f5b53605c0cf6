"""Groups and their members (docs: group-delta, getbyids, group-list-members)."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing

from adapters.graph.batch import Call, post_all
from adapters.graph.client import GraphClient
from adapters.graph.concurrency import chunks, each
from adapters.graph.deletions import checked, is_object_id
from adapters.graph.errors import error_of, not_told
from adapters.graph.paging import Json, items_in, rest_of, rounds
from adapters.graph.permissions import READ_GROUPS
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply
from domain.errors import Later
from domain.inventory.group import Group
from domain.ports import GroupChange, GroupsPage

_PROPERTIES = (
    "id,displayName,groupTypes,mailEnabled,securityEnabled,onPremisesSyncEnabled,"
    "isAssignableToRole,assignedLicenses"
)
START = f"/groups/delta?$select={_PROPERTIES},members"
_BY_IDS = f"/directoryObjects/getByIds?$select={_PROPERTIES}"
_OUTER = "transitiveMemberOf?$select=id&$top=999"
_MOST_IDS = 1000

_TYPE = "@odata.type"
USER = "#microsoft.graph.user"
GROUP = "#microsoft.graph.group"


async def group_pages(client: GraphClient, token: str | None) -> AsyncGenerator[GroupsPage]:
    """Yield groups and memberships that changed since the token; see `Directory.groups`."""
    async with aclosing(rounds(client, START, token, READ_GROUPS, items_in)) as pages:
        async for page in pages:
            items = page.items
            last = {item["id"]: item for item in items}  # one may come twice: the last word counts
            gone = tuple(group for group, item in last.items() if "@removed" in item)
            # Slices of one group's members may come on one page: each of them counts.
            present = tuple(
                change_of(item)
                for item in items
                if "@removed" not in item and item["id"] not in gone
            )
            yield GroupsPage(present, gone, page.end, page.next)


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
        return frozenset(one["id"] for one in items if one.get("@odata.type", GROUP) == GROUP)

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


def group_of(item: Json) -> Group:
    """Return the group behind a Graph group; a property Graph did not send is one never set."""
    licenses = item.get("assignedLicenses") or ()
    return Group(
        id=item["id"],
        name=item.get("displayName") or "",
        types=tuple(item.get("groupTypes") or ()),
        mail_enabled=bool(item.get("mailEnabled")),
        security_enabled=bool(item.get("securityEnabled")),
        synced=bool(item.get("onPremisesSyncEnabled")),
        role_assignable=bool(item.get("isAssignableToRole")),
        licenses={one["skuId"]: tuple(one.get("disabledPlans") or ()) for one in licenses},
    )


def change_of(item: Json) -> GroupChange:
    """Return what an item says of a group and its members.

    Raises:
        Later: it does not say what kind of member joined.
    """
    entries = item.get("members@delta") or ()
    if all(entry.get(_TYPE) == USER and "@removed" not in entry for entry in entries):
        # So is nearly all of a first round, which is thousands of pages.
        return GroupChange(group_of(item), tuple(dict.fromkeys(e["id"] for e in entries)))
    return GroupChange(group_of(item), *_sorted_out(entries))


def _sorted_out(entries: Sequence[Json]) -> Iterator[tuple[str, ...]]:
    """Return who joined, who left, and which groups became members and are no more."""
    joined: list[str] = []
    left: list[str] = []
    nested: list[str] = []
    unnested: list[str] = []
    # One id may come twice in a slice, added and then removed: the last word counts.
    for id, entry in {entry["id"]: entry for entry in entries}.items():
        kind = entry.get(_TYPE)
        if "@removed" in entry:
            # What left may come without its type; it is then taken out of people and groups alike.
            if kind in (USER, None):
                left.append(id)
            if kind in (GROUP, None):
                unnested.append(id)
        elif kind == USER:
            joined.append(id)
        elif kind == GROUP:
            nested.append(id)
        elif not isinstance(kind, str):
            raise Later("Graph did not say what kind of member joined a group.", after=60.0)
    return map(tuple, (joined, left, nested, unnested))
