"""Notices: what notifications told of, kept until it has been followed and compared with deltas.

One kind of thing we tell ourselves: who holds what she waited for. It is followed in the same way.

Whoever takes a notification writes down what it tells and has it followed a moment later; so a
burst of thousands becomes one piece of work, however many notifications it came in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """The kinds of things a notice tells of."""

    PERSON = "person"
    GROUP = "group"
    """Changed in another way than by members named in the notification."""
    JOINED = "joined"
    LEFT = "left"
    FREED = "freed"
    """A person who holds by now what she kept something else for. Nobody else tells of that."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing a notice tells of."""

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
    """Repeats included."""
    lags: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """users, groups -> seconds from the change until it was told, of those where that is known: for
    some Graph says when they happened, and our own writes we have noted ourselves."""
    followed: bool = False
    trace: str = ""
    """Of the work that took it."""
    looks: Mapping[str, str] = field(default_factory=dict)
    """Person -> the marks of her attributes, of those who were looked at when it was followed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What several notices come to, each thing once."""

    people: frozenset[str]
    groups: frozenset[str]
    """Those that changed in another way than by members."""
    members: frozenset[Mention]
    freed: frozenset[str] = frozenset()
    """People, looked at whatever their attributes are."""

    def outer(self) -> frozenset[str]:
        """Return the groups that members joined or left."""
        return frozenset(told.group for told in self.members)


def moved(notices: Iterable[Notice]) -> Moved:
    """Return what the notices come to."""
    everything = {told for notice in notices for told in notice.mentions}
    return Moved(
        frozenset(told.id for told in everything if told.what is What.PERSON),
        frozenset(told.id for told in everything if told.what is What.GROUP),
        frozenset(told for told in everything if told.group),
        frozenset(told.id for told in everything if told.what is What.FREED),
    )
