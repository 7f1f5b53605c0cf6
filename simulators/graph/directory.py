"""The directory: users, groups, memberships and products, and the only way to change them.

Objects are plain dicts in Graph's own shapes, replaced and never edited in place, so that a
lagging replica can keep the old one. Every write is logged and told to the listeners.
"""

import secrets
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Protocol

from simulators.graph.changes import ChangeLog, Kind, Moved
from simulators.graph.clock import Clock, timestamp
from simulators.graph.history import History
from simulators.graph.roster import Roster
from simulators.graph.settings import Settings
from simulators.graph.wire import JsonObject


@dataclass(slots=True)
class Deleted:
    """A soft-deleted object with the groups it was in, for its return."""

    kind: Kind
    item: JsonObject
    member_of: tuple[str, ...]


@dataclass(slots=True)
class Shelf:
    """All live objects of one kind: by id, and in order for paging."""

    items: MutableMapping[str, JsonObject] = field(default_factory=dict)
    order: Roster = field(default_factory=Roster)


class Background(Protocol):
    """People who were there from the beginning and are kept nowhere; see `crowd`."""

    def groups_of(self, object_id: str) -> Iterable[str]:
        """Return the groups in which somebody was from the beginning."""

    def named(self, name: str) -> str | None:
        """Return the id behind a user principal name in lower case."""


class Nobody:
    """No background: everyone is on a shelf."""

    def groups_of(self, object_id: str) -> Iterable[str]:
        """Return nothing."""
        return ()

    def named(self, name: str) -> str | None:
        """Return None."""
        return None


def manager_of(user: JsonObject) -> str | None:
    """Return the id of a user's manager."""
    return (user.get("manager") or {}).get("id")


class Directory:
    """One tenant's directory with its indexes."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self.clock = clock
        self._settings = settings
        self.listeners: list[Callable[[Moved], None]] = []
        # By chance, so that a simulator that was started again takes no token of its dead self.
        first = settings.first_generation
        self.generation = secrets.randbelow(2**31) if first is None else first
        self.clear()

    def clear(self) -> None:
        """Forget everything; tokens handed out before are of an older generation."""
        self.generation += 1
        self.organization: JsonObject = {}
        self.skus: dict[str, JsonObject] = {}
        self.purchases: list[JsonObject] = []
        self.shelves: dict[Kind, Shelf] = {"users": Shelf(), "groups": Shelf()}
        self.members: dict[str, Roster] = {}
        self.crowd: Background = Nobody()
        self._member_of: dict[str, dict[str, None]] = {}
        self.by_name: dict[str, str] = {}
        self.reports: dict[str, dict[str, None]] = {}
        self.deleted: dict[str, Deleted] = {}
        self.log = ChangeLog()
        self.history = History(self._settings)

    @property
    def users(self) -> MutableMapping[str, JsonObject]:
        """Live users by id."""
        return self.shelves["users"].items

    @property
    def groups(self) -> MutableMapping[str, JsonObject]:
        """Live groups by id."""
        return self.shelves["groups"].items

    def kind_of(self, object_id: str) -> Kind | None:
        """Return which kind a live or soft-deleted object is of."""
        for kind, shelf in self.shelves.items():
            if object_id in shelf.items:
                return kind
        deleted = self.deleted.get(object_id)
        return deleted.kind if deleted else None

    def user_id(self, id_or_name: str) -> str:
        """Return the id for an id or a user principal name, either in any case."""
        lowered = id_or_name.lower()
        return self.named(lowered) or lowered

    def named(self, name: str) -> str | None:
        """Return who has a user principal name, in lower case."""
        return self.by_name.get(name) or self.crowd.named(name)

    def groups_of(self, object_id: str) -> dict[str, None]:
        """Return the groups that somebody is a direct member of."""
        if object_id not in self._member_of:
            self._member_of[object_id] = dict.fromkeys(self.crowd.groups_of(object_id))
        return self._member_of[object_id]

    # Writes

    def place(self, kind: Kind, item: JsonObject) -> None:
        """Put a new object on its shelf without a word to anyone; for loading and creating."""
        shelf = self.shelves[kind]
        object_id = item["id"]
        shelf.items[object_id] = item
        shelf.order.add(object_id)
        if kind == "groups":
            self.members.setdefault(object_id, Roster())
            return
        if name := item.get("userPrincipalName"):
            self.by_name[name.lower()] = object_id
        if manager_id := manager_of(item):
            self.reports.setdefault(manager_id, {})[object_id] = None

    def create(self, kind: Kind, item: JsonObject) -> None:
        """Add an object."""
        self.history.keep_object(item["id"], None, self.clock.now())
        self.place(kind, item)
        self._tell(Moved(kind, item["id"]))

    def update(self, kind: Kind, object_id: str, changes: JsonObject) -> None:
        """Set properties; nothing happens when they have these values already."""
        old = self.shelves[kind].items[object_id]
        fields = frozenset(name for name, value in changes.items() if old.get(name) != value)
        if not fields:
            return
        self.history.keep_object(object_id, old, self.clock.now())
        new = {**old, **changes}
        self.shelves[kind].items[object_id] = new
        if "userPrincipalName" in fields:
            self.by_name.pop(old.get("userPrincipalName", "").lower(), None)
            self.by_name[new["userPrincipalName"].lower()] = object_id
        self._tell(Moved(kind, object_id, fields))

    def touch(self, kind: Kind, object_id: str, field_name: str) -> None:
        """Say that a property moved which follows from something that is no object's own."""
        self._tell(Moved(kind, object_id, frozenset({field_name})))

    def set_manager(self, user_id: str, manager_id: str | None) -> None:
        """Give a user another manager, or none."""
        old = self.users[user_id]
        former_id = manager_of(old)
        if manager_id == former_id:
            return
        self.history.keep_object(user_id, old, self.clock.now())
        new = {name: value for name, value in old.items() if name != "manager"}
        if former_id in self.reports:
            self.reports[former_id].pop(user_id, None)
        if manager_id:
            new["manager"] = {"id": manager_id}
            self.reports.setdefault(manager_id, {})[user_id] = None
        self.users[user_id] = new
        added, removed = ((one,) if one else () for one in (manager_id, former_id))
        self._tell(Moved("users", user_id, frozenset(), added=added, removed=removed))

    def add_members(self, group_id: str, member_ids: list[str]) -> None:
        """Add members that are not in the group yet."""
        for member_id in member_ids:
            self.link(group_id, member_id)
            self.history.keep_link(group_id, member_id, was=False, now=self.clock.now())
        self._tell(Moved("groups", group_id, frozenset(), added=tuple(member_ids)))

    def link(self, group_id: str, member_id: str) -> None:
        """Make a membership without a word to anyone; for loading."""
        self.members[group_id].add(member_id)
        self.groups_of(member_id)[group_id] = None

    def remove_member(self, group_id: str, member_id: str) -> None:
        """Remove a member."""
        self.members[group_id].remove(member_id)
        self.groups_of(member_id).pop(group_id)
        self.history.keep_link(group_id, member_id, was=True, now=self.clock.now())
        self._tell(Moved("groups", group_id, frozenset(), removed=(member_id,)))

    def delete(self, object_id: str) -> None:
        """Soft-delete: into the recycle bin, out of every group."""
        kind = self.kind_of(object_id)
        assert kind is not None, object_id
        item = self.shelves[kind].items.pop(object_id)
        self.history.keep_object(object_id, item, self.clock.now())
        self.shelves[kind].order.remove(object_id)
        groups = tuple(self.groups_of(object_id))
        dated = item | {"deletedDateTime": timestamp(self.clock.now())}
        self.deleted[object_id] = Deleted(kind, dated, groups)
        if kind == "users":
            self.by_name.pop(item.get("userPrincipalName", "").lower(), None)
            self.reports.get(manager_of(item) or "", {}).pop(object_id, None)
            for report_id in list(self.reports.pop(object_id, ())):
                self.set_manager(report_id, None)
        for group_id in groups:
            self.remove_member(group_id, object_id)
        for member_id in self.members.get(object_id, ()):
            self.groups_of(member_id).pop(object_id, None)
        self._tell(Moved(kind, object_id))

    def restore(self, object_id: str) -> JsonObject:
        """Take an object out of the recycle bin, back into the groups that still exist."""
        deleted = self.deleted.pop(object_id)
        if manager_of(deleted.item) not in self.users:
            deleted.item = {n: value for n, value in deleted.item.items() if n != "manager"}
        deleted.item = {n: value for n, value in deleted.item.items() if n != "deletedDateTime"}
        self.create(deleted.kind, deleted.item)
        for member_id in list(self.members.get(object_id, ())):
            if member_id in self.users or member_id in self.groups:
                self.groups_of(member_id)[object_id] = None
            else:
                self.members[object_id].remove(member_id)
        for group_id in deleted.member_of:
            if group_id in self.groups:
                self.add_members(group_id, [object_id])
        return deleted.item

    def purge(self, object_id: str) -> None:
        """Delete for good."""
        deleted = self.deleted.pop(object_id)
        self._tell(Moved(deleted.kind, object_id, permanently_deleted=True))

    def _tell(self, moved: Moved) -> None:
        self.log.write(moved, self.clock.now())
        for listener in self.listeners:
            listener(moved)
