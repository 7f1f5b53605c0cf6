"""What the service answers about snapshots."""

from collections.abc import Mapping
from datetime import datetime

from cli.answers.answer import Answer


class KeptSnapshot(Answer):
    """A snapshot that can be looked at."""

    id: str
    taken_at: datetime
    seen_at: datetime | None = None
    counts: Mapping[str, int] = {}


class Named(Answer):
    """A person."""

    id: str
    name: str = ""


class Changed(Answer):
    """One attribute of one person, then and now."""

    id: str
    name: str = ""
    attribute: str
    before: str = ""
    after: str = ""


class Moved(Answer):
    """One person who came into a group, or left it."""

    group: str
    id: str
    name: str = ""
    joined: bool


class GroupMoves(Answer):
    """How the members of one group changed."""

    group: str
    name: str = ""
    status: str
    joined: int
    left: int


class SnapshotDiff(Answer):
    """What is different."""

    people_joined: int
    people_left: int
    people_changed: int
    joined: tuple[Named, ...] = ()
    left: tuple[Named, ...] = ()
    changes: Mapping[str, int] = {}
    changed: tuple[Changed, ...] = ()
    memberships_joined: int
    memberships_left: int
    groups: tuple[GroupMoves, ...] = ()
    moved: tuple[Moved, ...] = ()
    unknown: tuple[str, ...] = ()


class RowChange(Answer):
    """One row that came, left or is another."""

    key: tuple[str, ...]
    status: str
    before: Mapping[str, str] = {}
    after: Mapping[str, str] = {}


class KindDiff(Answer):
    """What is different in one kind."""

    kind: str
    new: int
    gone: int
    changed: int
    rows: tuple[RowChange, ...] = ()


class Compared(Answer):
    """Two snapshots and what is different."""

    before: KeptSnapshot
    after: KeptSnapshot
    diff: SnapshotDiff
    kinds: tuple[KindDiff, ...] = ()
