"""What an item of a group query says of a group and its members (docs: group-delta)."""

from collections.abc import Iterator, Sequence

from adapters.graph.managers import REMOVED
from adapters.graph.paging import Json
from domain.errors import Later
from domain.inventory.group import Group
from domain.ports import GroupChange

TYPE = "@odata.type"
USER = "#microsoft.graph.user"
GROUP = "#microsoft.graph.group"
MEMBERS = "members@delta"


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
    entries = item.get(MEMBERS) or ()
    if all(entry.get(TYPE) == USER and REMOVED not in entry for entry in entries):
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
        kind = entry.get(TYPE)
        if REMOVED in entry:
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
