"""What one delta round goes over: everything at first, afterwards what the log says moved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from simulators.graph.changes import Entry, Kind
from simulators.graph.directory import manager_of
from simulators.graph.replica import Replica
from simulators.graph.schema import DERIVED, SCHEMAS

LINKS: dict[Kind, str] = {"users": "manager", "groups": "members"}
RELATIONS: dict[Kind, frozenset[str]] = {
    "users": frozenset({"manager"}),
    "groups": frozenset({"members", "owners"}),
}
UNTRACKED = frozenset({"licenseAssignmentStates", "signInActivity"})


@dataclass(frozen=True, slots=True)
class Round:
    """A round as the client asked for it; `since` None: the first one, over everything."""

    kind: Kind
    select: tuple[str, ...]
    ids: tuple[str, ...]
    since: int | None
    upto: int

    @property
    def link(self) -> str:
        """The relation whose changes are told beside the properties."""
        return LINKS[self.kind]

    @property
    def with_links(self) -> bool:
        """Whether members, or the manager, are part of the round; they are by default."""
        return not self.select or self.link in self.select

    def names(self) -> tuple[str, ...]:
        """Return the properties to show."""
        names = self.select or SCHEMAS[self.kind].returned
        return tuple(name for name in dict.fromkeys(names) if name not in RELATIONS[self.kind])

    @property
    def tracked(self) -> frozenset[str]:
        """Properties whose change makes an object appear."""
        names = frozenset(self.select or SCHEMAS[self.kind].returned) - UNTRACKED
        return names | {DERIVED[name] for name in names.intersection(DERIVED)}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page starts; `rest` are objects with links yet to come, and from where."""

    index: int = 0
    rest: tuple[tuple[str, int], ...] = ()
    after_empty: bool = False


class Work(Protocol):
    """The objects of one round; positions are stable while the round lasts."""

    def objects(self, start: int) -> Iterator[tuple[int, str]]:
        """Return positions and ids from `start`."""

    def links(self, object_id: str, start: int) -> Iterator[tuple[int, str]]:
        """Return positions and ids of an object's members or manager from `start`."""

    def fields(self, object_id: str) -> frozenset[str] | None:
        """Return the properties that changed, None for all."""


class Everything:
    """The first round."""

    def __init__(self, asked: Round, replica: Replica) -> None:
        self._asked = asked
        self._replica = replica

    def objects(self, start: int) -> Iterator[tuple[int, str]]:
        """Return all objects, or those asked for by id that exist."""
        if not self._asked.ids:
            for position, item in self._replica.objects(self._asked.kind, start):
                yield position, item["id"]
            return
        for position, object_id in enumerate(self._asked.ids[start:], start):
            if self._replica.get(self._asked.kind, object_id) is not None:
                yield position, object_id

    def links(self, object_id: str, start: int) -> Iterator[tuple[int, str]]:
        """Return all members, or the manager."""
        if not self._asked.with_links:
            return iter(())
        return _all_links(self._asked.kind, self._replica, object_id, start)

    def fields(self, _: str) -> frozenset[str] | None:
        """All properties count."""
        return None


class Changes:
    """A later round: merged per object from the entries of the log."""

    def __init__(self, asked: Round, replica: Replica, entries: Iterable[Entry]) -> None:
        self._asked = asked
        self._replica = replica
        self._fields: dict[str, frozenset[str] | None] = {}
        self._links: dict[str, dict[str, None]] = {}
        for entry in entries:
            self._gather(entry)
        self._ids = list(self._fields)

    def _gather(self, entry: Entry) -> None:
        object_id = entry.object_id
        if self._asked.ids and object_id not in self._asked.ids:
            return
        if entry.member is not None:
            if self._asked.with_links:
                self._fields.setdefault(object_id, frozenset())
                self._links.setdefault(object_id, {})[entry.member] = None
        elif entry.fields is None:
            self._fields[object_id] = None
        elif entry.fields & self._asked.tracked:
            before = self._fields.get(object_id, frozenset())
            self._fields[object_id] = None if before is None else before | entry.fields

    def objects(self, start: int) -> Iterator[tuple[int, str]]:
        """Return what moved, in the order in which it first did."""
        return enumerate(self._ids[start:], start)

    def links(self, object_id: str, start: int) -> Iterator[tuple[int, str]]:
        """Return the links that moved; of an object that is new or restored, all."""
        if not self._asked.with_links:
            return iter(())
        if self._fields[object_id] is None:
            return _all_links(self._asked.kind, self._replica, object_id, start)
        return enumerate(list(self._links.get(object_id, ()))[start:], start)

    def fields(self, object_id: str) -> frozenset[str] | None:
        """Return what changed of an object."""
        return self._fields[object_id]


def _all_links(
    kind: Kind, replica: Replica, object_id: str, start: int
) -> Iterator[tuple[int, str]]:
    if kind == "groups":
        return replica.members(object_id, start)
    manager_id = manager_of(replica.get("users", object_id) or {})
    return iter([(0, manager_id)] if manager_id and start == 0 else [])
