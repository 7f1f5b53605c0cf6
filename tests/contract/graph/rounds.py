"""Read a whole round of changes, as a snapshot in the making would take it in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from domain.attributes import MANAGER
from domain.inventory.group import Group
from domain.inventory.people import Person
from domain.ports import GroupsPage, PeoplePage


@dataclass
class SeenPeople:
    """What is known of people after any number of rounds."""

    people: dict[str, Person] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    managers: dict[str, str] = field(default_factory=dict)
    token: str | None = None

    async def take(self, pages: AsyncIterator[PeoplePage]) -> None:
        """Take one whole round in."""
        self.token = None
        async for page in pages:
            self.people.update({person.id: person for person in page.people()})
            self.gone -= set(page.ids)
            for person in page.gone:
                self.people.pop(person, None)
                self.gone.add(person)
            for change in page.managers:
                if not change.ended:
                    self.managers[change.person] = change.manager
                elif self.managers.get(change.person) == change.manager:
                    del self.managers[change.person]
            assert MANAGER not in page.cells
            self.token = page.token


@dataclass
class SeenGroups:
    """What is known of groups and their members after any number of rounds."""

    groups: dict[str, Group] = field(default_factory=dict)
    people: dict[str, set[str]] = field(default_factory=dict)
    nested: dict[str, set[str]] = field(default_factory=dict)
    token: str | None = None

    async def take(self, pages: AsyncIterator[GroupsPage]) -> None:
        """Take one whole round in."""
        self.token = None
        async for page in pages:
            for change in page.groups:
                group = change.group.id
                self.groups[group] = change.group
                people = self.people.setdefault(group, set())
                people |= set(change.joined)
                people -= set(change.left)
                nested = self.nested.setdefault(group, set())
                nested |= set(change.nested)
                nested -= set(change.unnested)
            for group in page.gone:
                self.groups.pop(group, None)
                self.people.pop(group, None)
                self.nested.pop(group, None)
            self.token = page.token
