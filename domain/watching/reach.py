"""Reach: what stored bundles read and write, and whether something that moved is any of it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from domain.attributes import MANAGER, is_reply
from domain.bundle import Bundle
from domain.inventory.people import People, Person, Value
from domain.inventory.snapshot import LAG, Snapshot
from domain.tenant_policy import TenantPolicy
from domain.watching.notice import Notice


@dataclass(frozen=True, slots=True)
class Reach:
    """The groups and attributes that bundles are about."""

    targets: Mapping[str, tuple[Bundle, ...]]
    """Group -> the bundles that are handed out through it."""
    sources: frozenset[str]
    """Groups that policies read, for their members."""
    attributes: tuple[str, ...]

    @property
    def groups(self) -> frozenset[str]:
        """Every group that bundles read or write."""
        return self.sources | frozenset(self.targets)

    def marks(self, person: Person) -> str:
        """Return a short text that is another one when an attribute that a rule names changed."""
        return _digest(person.attributes.get(name) for name in self.attributes)


def reach_of(bundles: Sequence[Bundle], tenant: TenantPolicy) -> Reach:
    """Return what the bundles are about."""
    targets = {each.target.group for each in bundles}
    return Reach(
        {group: tuple(b for b in bundles if b.target.group == group) for group in targets},
        # The target is the first of a bundle's groups, and may be a source of another bundle.
        frozenset(group for each in bundles for group in each.groups()[1:]),
        tuple(sorted(attributes_read(bundles, tenant))),
    )


def attributes_read(bundles: Iterable[Bundle], tenant: TenantPolicy) -> frozenset[str]:
    """Return every attribute of a user that is read because policy names it, itself or mapped."""
    named = {name for bundle in bundles for name in bundle.attributes()}
    joining = tenant.join.attributes() if tenant.join else frozenset()
    read = tenant.attributes().reads(named | joining)
    return frozenset(name for name in read if not is_reply(name))


def unchanged(
    people: Iterable[Person],
    reach: Reach,
    snapshot: Snapshot,
    notices: Sequence[Notice],
    compiled: datetime,
) -> frozenset[str]:
    """Return the people whose attributes are as they were seen when last decided about.

    That is an inventory that was compiled, or a look since. One from shortly before the inventory
    may have seen newer attributes than it, or older ones, so then they must be as in both.

    While a newer inventory waits to be compiled, it is enough for those of whom it was told that
    they came into a target or left it: their license is what changed, most likely, and whatever
    else did the inventory has seen.

    Args:
        snapshot: the newest inventory.
        notices: those since a while before the inventory that was compiled, oldest first.
        compiled: when that one was taken.
    """
    if MANAGER in reach.attributes:
        return frozenset()  # a manager is not read in bulk
    now = {person.id: reach.marks(person) for person in people}
    inventoried = _inventoried(list(now), reach, snapshot.people)
    last = _looks(notices, compiled - LAG)
    waits = compiled != snapshot.taken_at
    as_seen = _as_seen_in_between if waits else _as_seen
    touched = _touched(notices, reach) if waits else now.keys()
    return frozenset(
        person
        for person, marks in now.items()
        if (person in touched or person in last)
        and as_seen(marks, inventoried.get(person), last.get(person), compiled)
    )


type _Look = tuple[datetime, str]
"""When somebody was looked at, and her marks then."""


def _as_seen(marks: str, inventoried: str | None, look: _Look | None, compiled: datetime) -> bool:
    if look is None:
        return marks == inventoried
    at, seen = look
    return marks == seen and (at >= compiled or marks == inventoried)


def _as_seen_in_between(
    marks: str, inventoried: str | None, look: _Look | None, compiled: datetime
) -> bool:
    """Tell it while a newer inventory waits to be compiled: it must come to the same."""
    if look is None:
        return marks == inventoried
    at, seen = look
    return at >= compiled and marks == seen == inventoried


def _touched(notices: Iterable[Notice], reach: Reach) -> Set[str]:
    """Return who came into a target or left it."""
    told = (mention for notice in notices for mention in notice.mentions)
    return {mention.id for mention in told if mention.group in reach.targets}


def _looks(notices: Iterable[Notice], since: datetime) -> dict[str, _Look]:
    return {
        person: (notice.at, marks)
        for notice in notices
        if notice.at >= since
        for person, marks in notice.looks.items()
    }


def _inventoried(people: Sequence[str], reach: Reach, inventory: People) -> dict[str, str]:
    if not set(reach.attributes) <= inventory.columns.keys():
        return {}
    columns = [inventory.columns[name] for name in reach.attributes]
    return {
        inventory.id(row): _digest(column[row] for column in columns)
        for row in inventory.rows(people).tolist()
    }


def _digest(values: Iterable[Value]) -> str:
    return hashlib.sha256(repr(tuple(values)).encode()).hexdigest()[:12]
