"""What a reader sees: the directory as it was `replication_lag` seconds ago.

Writes go to the directory itself, so adding somebody twice is refused although the list does not
show them yet, as in the real service.
"""

from collections.abc import Iterator, Sequence

from simulators.graph.changes import Kind
from simulators.graph.directory import Directory
from simulators.graph.history import Version
from simulators.graph.settings import Settings
from simulators.graph.wire import JsonObject


class Replica:
    """Reads with lag; without lag it is the directory itself."""

    def __init__(self, directory: Directory, settings: Settings) -> None:
        self._directory = directory
        self._settings = settings

    @property
    def lagging(self) -> bool:
        """Whether this replica may be behind."""
        return self._settings.replication_lag > 0

    @property
    def moment(self) -> float:
        """As of when this replica knows the directory."""
        return self._directory.clock.now() - self._settings.replication_lag

    def get(self, kind: Kind, object_id: str) -> JsonObject | None:
        """Return an object as this replica knows it."""
        current = self._directory.shelves[kind].items.get(object_id)
        if not self.lagging:
            return current
        versions = self._directory.history.objects.get(object_id, ())
        return _as_of(self.moment, versions, current)

    def objects(self, kind: Kind, start: int = 0) -> Iterator[tuple[int, JsonObject]]:
        """Return positions and objects from `start`."""
        shelf = self._directory.shelves[kind]
        if not self.lagging:
            for position, object_id in shelf.order.items(start):
                yield position, shelf.items[object_id]
            return
        for position, object_id in shelf.order.known(start):
            item = self.get(kind, object_id)
            if item is not None:
                yield position, item

    def is_member(self, group_id: str, member_id: str) -> bool:
        """Whether this replica counts somebody in."""
        current = member_id in self._directory.members.get(group_id, ())
        if not self.lagging:
            return current
        versions = self._directory.history.links.get((group_id, member_id), ())
        return _as_of(self.moment, versions, current)

    def members(self, group_id: str, start: int = 0) -> Iterator[tuple[int, str]]:
        """Return positions and member ids from `start`."""
        roster = self._directory.members[group_id]
        if not self.lagging:
            yield from roster.items(start)
            return
        for position, member_id in roster.known(start):
            if self.is_member(group_id, member_id):
                yield position, member_id

    def groups_of(self, object_id: str) -> list[str]:
        """Return the groups that somebody is a direct member of."""
        current = self._directory.groups_of(object_id)
        if not self.lagging:
            return list(current)
        lately = [g for g, member in self._directory.history.links if member == object_id]
        return [g for g in dict.fromkeys([*current, *lately]) if self.is_member(g, object_id)]

    def just_removed(self, group_id: str, member_id: str) -> bool:
        """Whether somebody is gone but this replica still shows them."""
        gone = member_id not in self._directory.members.get(group_id, ())
        return gone and self.lagging and self.is_member(group_id, member_id)

    def not_yet_known(self, kind: Kind, object_id: str) -> bool:
        """Whether an object exists but this replica has not heard of it."""
        exists = object_id in self._directory.shelves[kind].items
        return exists and self.lagging and self.get(kind, object_id) is None


def _as_of[T](moment: float, versions: Sequence[Version[T]], current: T) -> T:
    for until, was in versions:
        if until > moment:
            return was
    return current
