"""The tenant, read; and where bundles are handed out."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.change import Change
from domain.inventory.group import Group
from domain.inventory.people import Person, Value, empty
from domain.inventory.product import Product
from domain.outcome import LicenseState, Outcome


@dataclass(frozen=True, slots=True)
class ManagerChange:
    """Someone became or ceased to be a person's manager."""

    person: str
    manager: str
    ended: bool = False
    """Whether this is her manager no more; who is, if someone is, is said by another change."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some people as they are now, in columns, and the ids of people who are gone."""

    ids: tuple[str, ...] = ()
    cells: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    """Attribute -> a cell for each of them; every attribute but the manager."""
    products: Sequence[Sequence[str]] = ()
    """What each of them holds."""
    gone: tuple[str, ...] = ()
    token: str | None = None
    """On the last page: where the next round of changes begins."""
    after: str | None = None
    """On any other page: a token with which the reading goes on behind it."""
    managers: tuple[ManagerChange, ...] = ()
    """In order. Like memberships, managers come as changes: of whom nothing is said, nothing
    changed. Any of them may come again, or on another page than the person."""

    @classmethod
    def of(
        cls,
        people: Sequence[Person] = (),
        gone: tuple[str, ...] = (),
        token: str | None = None,
        managers: tuple[ManagerChange, ...] = (),
    ) -> "PeoplePage":
        """Return a handful of persons as a page."""
        names = dict.fromkeys(name for person in people for name in person.attributes)
        cells = {
            name: [person.attributes.get(name, empty(name)) for person in people] for name in names
        }
        ids, products = [person.id for person in people], [person.products for person in people]
        return cls(tuple(ids), cells, products, gone, token, managers=managers)

    def people(self) -> Iterator[Person]:
        """Yield them as persons; for a handful."""
        for place, id in enumerate(self.ids):
            attributes = {name: cells[place] for name, cells in self.cells.items()}
            yield Person(id, attributes, tuple(self.products[place]))


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A group as it is now, and who joined or left since; several may speak of one group."""

    group: Group
    joined: tuple[str, ...] = ()
    """People."""
    left: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    """Groups that became members."""
    unnested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """Some groups' changes, and the ids of groups that are gone."""

    groups: tuple[GroupChange, ...] = ()
    gone: tuple[str, ...] = ()
    token: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class CloseUp:
    """One person read afresh, with the ids of the groups she is in."""

    person: Person
    direct: frozenset[str]
    everywhere: frozenset[str] | None
    """Directly or through nesting; None where that was not read."""


@dataclass(frozen=True, slots=True)
class MembershipLog:
    """One entry of the audit log: a member of a group was added or removed by hand or by an app."""

    at: datetime
    person: str
    added: bool
    by: str
    """Object id of the user, or name of the app; empty where the log does not say."""


class Directory(Protocol):
    """The tenant's directory, read. Nothing partial is ever returned: a failed read raises."""

    def people(
        self, token: str | None, also: frozenset[str] = frozenset()
    ) -> AsyncGenerator[PeoplePage]:
        """Yield what changed since the token, or everyone when there is none.

        Args:
            token: where the last round ended.
            also: attributes to read that are inventoried on demand.

        Raises:
            Resync: the token is dead, or of a round that read other attributes on demand; read
                everything anew.
        """
        ...

    def groups(self, token: str | None) -> AsyncGenerator[GroupsPage]:
        """Yield groups and memberships likewise.

        Raises:
            Resync: the token is dead; read everything anew.
        """
        ...

    async def products(self) -> Mapping[str, Product]:
        """Return every subscribed product by skuId."""
        ...

    async def find_groups(self, ids: Iterable[str]) -> Mapping[str, Group]:
        """Return those of the groups that exist; an id that is missing in the answer is gone."""
        ...

    async def persons(
        self, ids: Sequence[str], also: frozenset[str] = frozenset()
    ) -> Mapping[str, Person]:
        """Read people afresh, in bulk and without their groups; whoever is missing is gone.

        Args:
            ids: whom, or what else: it is left out like one who is gone.
            also: attributes to read that are inventoried on demand; the manager is not read.
        """
        ...

    async def outer_groups(self, ids: Iterable[str]) -> Mapping[str, frozenset[str] | None]:
        """Return the groups that each of these groups is in, directly or through nesting.

        None for a group that is gone.
        """
        ...

    async def count_members(self, group: str) -> int:
        """Return how many members of any kind a group has now, or had a moment ago.

        Raises:
            Never: there is no such group.
        """
        ...

    async def close_up(
        self, ids: Sequence[str], also: frozenset[str] = frozenset(), *, nesting: bool = True
    ) -> Mapping[str, CloseUp | None]:
        """Read people afresh with their groups; None for a person who is gone.

        Args:
            ids: whom.
            also: attributes to read that are inventoried on demand, the manager among them.
            nesting: read the groups that they are in through other groups, too.
        """
        ...

    async def find_person(self, name: str) -> str | None:
        """Return the id of the person with this object id, user principal name or mail address.

        None where there is nobody of that name. A name is personal: it is in no error and no log.

        Raises:
            Never: several people have this mail address.
        """
        ...

    async def licenses(
        self, target: str, people: Sequence[str]
    ) -> Mapping[str, tuple[LicenseState, ...] | None]:
        """Return people's licenses by every route; None for a person who is gone."""
        ...

    async def membership_log(self, group: str, since: datetime) -> Sequence[MembershipLog]:
        """Return who put whom into a group or took her out, oldest first, as the audit log says.

        Raises:
            Forbidden: the identity may not read the audit log; nothing else depends on it.
        """
        ...


class Targets(Protocol):
    """Where bundles are handed out."""

    async def carry_out(
        self,
        target: str,
        changes: Sequence[Change],
        *,
        urgent: bool = False,
        reserved: bool = False,
    ) -> Mapping[str, Outcome]:
        """Carry out changes at one target; every person gets an outcome of her own.

        Args:
            target: a license group.
            changes: grants to people inside the target ask Entra to look at their licenses again.
            urgent: people wait for it, so it goes before bulk.
            reserved: room in the quota was set aside when it was postponed.
        """
        ...

    async def take_direct(self, people: Mapping[str, Sequence[str]]) -> Mapping[str, Outcome]:
        """Take licenses from people that are assigned to them directly.

        Args:
            people: person -> skuIds.
        """
        ...

    async def reprocess(self, people: Sequence[str]) -> Mapping[str, Outcome]:
        """Ask Entra to look at people's licenses again."""
        ...

    async def license(self, target: str, licenses: Mapping[str, Sequence[str]]) -> Outcome:
        """Set licenses of a target; those it has beside them stay as they are.

        Args:
            target: a license group.
            licenses: skuId -> ids of the service plans to be off.
        """
        ...
