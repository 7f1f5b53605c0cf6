"""The change log: what moved, in order. It says that something moved, never to what."""

from bisect import bisect_right
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal

type Kind = Literal["users", "groups"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One object moved; `fields` None: it came or went, `member`: a link to this object moved.

    The links of a group are its members, that of a user is the manager.
    """

    sequence: int
    at: float
    object_id: str
    fields: frozenset[str] | None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One write as listeners hear of it: notifications and the licensing engine."""

    kind: Kind
    object_id: str
    fields: frozenset[str] | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    permanently_deleted: bool = False


@dataclass(slots=True)
class ChangeLog:
    """Append-only lists of entries, one per kind, numbered together."""

    sequence: int = 0
    _entries: dict[Kind, list[Entry]] = field(default_factory=lambda: {"users": [], "groups": []})

    def write(self, moved: Moved, at: float) -> None:
        """Append a write: one entry, or one per link."""
        members = (*moved.added, *moved.removed)
        if members:
            for member in members:
                self._append(moved.kind, at, moved.object_id, frozenset(), member)
        else:
            self._append(moved.kind, at, moved.object_id, moved.fields, None)

    def _append(
        self,
        kind: Kind,
        at: float,
        object_id: str,
        fields: frozenset[str] | None,
        member: str | None,
    ) -> None:
        self.sequence += 1
        self._entries[kind].append(Entry(self.sequence, at, object_id, fields, member))

    def between(self, kind: Kind, after: int, upto: int) -> list[Entry]:
        """Return the entries numbered above `after` up to and with `upto`."""
        entries = self._entries[kind]
        first = bisect_right(entries, after, key=attrgetter("sequence"))
        last = bisect_right(entries, upto, key=attrgetter("sequence"))
        return entries[first:last]

    def before(self, kind: Kind, sequence: int, count: int) -> list[Entry]:
        """Return the last `count` entries numbered up to `sequence`."""
        entries = self._entries[kind]
        last = bisect_right(entries, sequence, key=attrgetter("sequence"))
        return entries[max(last - count, 0) : last]

    def visible(self, moment: float) -> int:
        """Return the number up to which everything had happened by `moment`."""
        first_unseen = self.sequence + 1
        for entries in self._entries.values():
            index = bisect_right(entries, moment, key=attrgetter("at"))
            if index < len(entries):
                first_unseen = min(first_unseen, entries[index].sequence)
        return first_unseen - 1
