"""Notices: what notifications told of, kept until it has been followed and compared with deltas.

Whoever takes a notification writes down what it tells and has it followed a moment later; so a
burst of thousands becomes one piece of work, however many notifications it came in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """The kinds of things a notification tells of."""

    PERSON = "person"
    GROUP = "group"
    """Changed in another way than by members named in the notification."""
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing a notification tells of."""

    what: What
    id: str
    """Of the person, the group, or the member that joined or left, which may be a group, too."""
    group: str = ""
    """Which the member joined or left."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one body of notifications told of, or a part of what a very large one did."""

    id: str
    at: datetime
    """When it came."""
    mentions: tuple[Mention, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """users, groups -> how many notifications there were, repeats included."""
    lags: tuple[float, ...] = ()
    """Seconds from the change until it was told, of those for which Graph says when it happened."""
    followed: bool = False
    looks: Mapping[str, str] = field(default_factory=dict)
    """Person -> the marks of her attributes, of those who were looked at when it was followed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What several notices come to, each thing once."""

    people: frozenset[str]
    groups: frozenset[str]
    joined: Mapping[str, frozenset[str]]
    """Group -> members."""
    left: Mapping[str, frozenset[str]]

    def outer(self) -> frozenset[str]:
        """Return the groups that members joined or left."""
        return frozenset(self.joined) | frozenset(self.left)


def moved(notices: Iterable[Notice]) -> Moved:
    """Return what the notices come to."""
    everything = {told for notice in notices for told in notice.mentions}
    return Moved(
        frozenset(told.id for told in everything if told.what is What.PERSON),
        frozenset(told.id for told in everything if told.what is What.GROUP),
        _by_group(told for told in everything if told.what is What.JOINED),
        _by_group(told for told in everything if told.what is What.LEFT),
    )


def _by_group(told: Iterable[Mention]) -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {}
    for one in told:
        members.setdefault(one.group, set()).add(one.id)
    return {group: frozenset(ids) for group, ids in members.items()}
