"""Looks: people read afresh in the course of one compile, at as little cost as is safe."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta

from domain.attributes import MANAGER
from domain.bundle import Bundle
from domain.errors import Held
from domain.inventory.people import Person
from domain.inventory.snapshot import Snapshot
from domain.jobs.wanted import look_at, persons_at, tenant_of, wanted
from domain.ports import CloseUp, Ports
from domain.watching.notice import Moved, What

MOST = 5_000
"""People who are read with their groups in one compile, twenty in a request. More are left to the
next compile."""
MOST_BY_ATTRIBUTES = 50_000
"""People who are read without them, a thousand in a request."""
SKEW = timedelta(seconds=5)
"""By so much may the clocks of two instances differ, of which one takes what is told."""


class Looks:
    """Nobody is read twice for one compile, unless something is told of her in between."""

    def __init__(self, most: int = MOST, by_attributes: int = MOST_BY_ATTRIBUTES) -> None:
        self._most, self._by_attributes = most, by_attributes
        self.at: datetime | None = None
        """From when on something that is told may not be known to these looks yet."""
        self._views: dict[str, CloseUp | None] = {}

    def forget(self, people: Iterable[str]) -> None:
        """Forget the looks at people of whom something newer was told."""
        for person in people:
            self._views.pop(person, None)

    async def at_all(
        self,
        ports: Ports,
        people: Set[str],
        bundles: Sequence[Bundle],
        snapshot: Snapshot,
        told: Moved,
    ) -> list[CloseUp]:
        """Return people as they are, but for those who are gone.

        Where no policy names a group, and nobody has told that she left one, what groups a person
        is in can only be what the snapshot shows, or more: then her attributes are enough.

        Raises:
            Held: these are too many.
            Later: Graph cannot answer now.
            Never: Graph refuses.
        """
        new = people - self._views.keys()
        left = {each.id for each in told.members if each.what is What.LEFT}
        fully = new & left if await _by_attributes(ports, bundles) else new
        _check(fully, self._most)
        _check(new, self._by_attributes)
        self.at = self.at or ports.clock.now() - SKEW
        if fully:
            self._views |= await look_at(ports, sorted(fully), bundles)
        if rest := new - fully:
            found = await persons_at(ports, sorted(rest), bundles)
            self._views |= dict.fromkeys(rest) | _as_inventoried(found, bundles, snapshot)
        views = (self._views[person] for person in people)
        return [view for view in views if view is not None]


async def _by_attributes(ports: Ports, bundles: Sequence[Bundle]) -> bool:
    """Tell whether policy asks for nothing of a person but what is read in bulk."""
    if any(bundle.groups()[1:] for bundle in bundles):
        return False
    return MANAGER not in wanted(bundles, await tenant_of(ports))


def _check(people: Set[str], most: int) -> None:
    if len(people) > most:
        raise Held(f"These are more than {most:,}.")


def _as_inventoried(
    people: Mapping[str, Person], bundles: Iterable[Bundle], snapshot: Snapshot
) -> dict[str, CloseUp]:
    """Return people with the groups in which the snapshot shows them, of those that matter."""
    inside: dict[str, set[str]] = {person: set() for person in people}
    rows = snapshot.people.mask(snapshot.people.rows(sorted(people)))
    for group in {bundle.target.group for bundle in bundles}:
        members = snapshot.memberships.people.get(group)
        for person in () if members is None else snapshot.people.names(members[rows[members]]):
            inside[person].add(group)
    return {
        id: CloseUp(person, frozenset(inside[id]), frozenset(inside[id]))
        for id, person in people.items()
    }
