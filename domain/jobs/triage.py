"""Triage: which of the things that moved concern a bundle at all, at one cheap check each.

Most of what moves in a tenant concerns no bundle, and much of the rest is the echo of our own
writes. Attributes are read in bulk and compared with what was seen last; whom the ledger has just
put in or taken out, is not news.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.bundle import Bundle
from domain.inventory.people import Person
from domain.inventory.snapshot import LAG, Snapshot
from domain.jobs.echoes import echoes
from domain.jobs.wanted import persons_at
from domain.ports import Ports
from domain.watching.notice import Mention, Moved
from domain.watching.reach import Reach, unchanged


@dataclass(frozen=True, slots=True)
class Concern:
    """What is to be done about things that moved."""

    people: frozenset[str] = frozenset()
    """To be decided about from a close look."""
    missing: frozenset[str] = frozenset()
    """People who are not there, or not yet."""
    everything: str = ""
    """Why everything is to be inventoried and compiled; empty where it is not."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Person -> the marks of her attributes now."""
    written: Mapping[Mention, datetime] = field(default_factory=dict)
    """When what was told was written by ourselves, of what is on its way."""

    def of(self, ids: Set[str]) -> "Concern":
        """Return as much of it as is about these people."""
        return replace(self, people=self.people & ids, missing=self.missing & ids)

    def __or__(self, other: "Concern") -> "Concern":
        """Return both, and the newer marks are the other's."""
        return Concern(
            self.people | other.people,
            self.missing | other.missing,
            self.everything or other.everything,
            {**self.marks, **other.marks},
            {**self.written, **other.written},
        )


async def triage(ports: Ports, moved: Moved, bundles: Sequence[Bundle], reach: Reach) -> Concern:
    """Say what of it concerns a bundle.

    Raises:
        Later: Graph or the storage cannot answer now.
        Never: Graph refuses.
    """
    around = await _around(ports, moved, reach)
    ours = await echoes(ports, moved, reach)
    members = _members(moved, reach, around, ours)
    told = members | moved.freed
    asked = sorted(moved.people | told)
    found = await persons_at(ports, asked, bundles) if asked else {}
    known = await _unchanged(ports, [found[p] for p in found if p in moved.people - told], reach)
    return Concern(
        people=frozenset(found) - known,
        missing=moved.people - found.keys(),
        everything=await _why_everything(ports, moved, reach, around, members - found.keys()),
        marks={person: reach.marks(found[person]) for person in found},
        written={told: moment for told, moment in ours.items() if moment is not None},
    )


async def _around(ports: Ports, moved: Moved, reach: Reach) -> Mapping[str, frozenset[str] | None]:
    """Return the groups around those that no bundle names; None for one that is gone."""
    unnamed = (moved.outer() | moved.groups) - reach.groups
    return await ports.directory.outer_groups(unnamed) if unnamed and reach.sources else {}


def _members(
    moved: Moved,
    reach: Reach,
    around: Mapping[str, frozenset[str] | None],
    ours: Collection[Mention],
) -> frozenset[str]:
    """Return the members who came or went where a bundle looks, but for our own doing."""
    return frozenset(
        told.id
        for told in moved.members
        if told.group in reach.sources
        or reach.sources & (around.get(told.group) or frozenset())
        or (told.group in reach.targets and told not in ours)
    )


async def _unchanged(ports: Ports, people: Sequence[Person], reach: Reach) -> frozenset[str]:
    snapshot = await ports.warehouse.latest() if people else None
    compiled = await ports.notices.compiled() if snapshot else None
    if snapshot is None or compiled is None:
        return frozenset()  # nothing was decided on one yet
    notices = await ports.notices.since(compiled - LAG)
    return unchanged(people, reach, snapshot, notices, compiled)


async def _why_everything(
    ports: Ports,
    moved: Moved,
    reach: Reach,
    around: Mapping[str, frozenset[str] | None],
    no_people: Collection[str],
) -> str:
    """Say why a look at single people is not enough: a group that counts changed as a whole."""
    if changed := moved.groups & reach.groups:
        return f"group {min(changed)} changed"
    nested = [g for g in moved.groups if reach.sources & (around.get(g) or frozenset())]
    if nested:
        return f"group {min(nested)}, which is inside of a source group, changed"
    if no_people and (groups := await ports.directory.find_groups(no_people)):
        return f"group {min(groups)} came into a group that counts, or left it"
    gone = [group for group, outer in around.items() if outer is None]
    snapshot = await ports.warehouse.latest() if gone else None
    if snapshot and (inside := _inside(snapshot, reach).intersection(gone)):
        return f"group {min(inside)}, which was inside of a source group, is gone"
    return ""


def _inside(snapshot: Snapshot, reach: Reach) -> frozenset[str]:
    return frozenset().union(*map(snapshot.memberships.inner, reach.sources))
