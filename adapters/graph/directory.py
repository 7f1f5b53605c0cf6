"""The tenant's directory through Microsoft Graph."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from datetime import datetime

from adapters.graph import audits, closeups, groups, licenses, names, people, persons, products
from adapters.graph.client import GraphClient
from domain.inventory.group import Group
from domain.inventory.people import Person
from domain.inventory.product import Product
from domain.outcome import LicenseState
from domain.ports import CloseUp, GroupsPage, MembershipLog, PeoplePage


class GraphDirectory:
    """The `Directory` port; see there for what each method promises."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    def people(
        self, token: str | None, also: frozenset[str] = frozenset()
    ) -> AsyncGenerator[PeoplePage]:
        """Yield what changed since the token, or everyone when there is none."""
        return people.people_pages(self._client, token, also)

    def groups(self, token: str | None) -> AsyncGenerator[GroupsPage]:
        """Yield groups and memberships likewise."""
        return groups.group_pages(self._client, token)

    async def products(self) -> Mapping[str, Product]:
        """Return every subscribed product by skuId."""
        return await products.read_products(self._client)

    async def find_groups(self, ids: Iterable[str]) -> Mapping[str, Group]:
        """Return those of the groups that exist."""
        return await groups.find_groups(self._client, ids)

    async def persons(
        self, ids: Sequence[str], also: frozenset[str] = frozenset()
    ) -> Mapping[str, Person]:
        """Read people afresh, in bulk and without their groups; whoever is missing is gone."""
        return await persons.find_people(self._client, ids, also)

    async def outer_groups(self, ids: Iterable[str]) -> Mapping[str, frozenset[str] | None]:
        """Return the groups that each of these groups is in; None for one that is gone."""
        return await groups.outer_groups(self._client, ids)

    async def count_members(self, group: str) -> int:
        """Return how many members a group has."""
        return await groups.count_members(self._client, group)

    async def close_up(
        self, ids: Sequence[str], also: frozenset[str] = frozenset(), *, nesting: bool = True
    ) -> Mapping[str, CloseUp | None]:
        """Read people afresh with their groups; None for a person who is gone."""
        return await closeups.close_up(self._client, ids, also, nesting=nesting)

    async def find_person(self, name: str) -> str | None:
        """Return the id of the person of this object id, user principal name or mail address."""
        return await names.find_person(self._client, name)

    async def licenses(
        self, target: str, people: Sequence[str]
    ) -> Mapping[str, tuple[LicenseState, ...] | None]:
        """Return people's licenses by every route; None for a person who is gone."""
        return await licenses.licenses(self._client, people)

    async def membership_log(self, group: str, since: datetime) -> Sequence[MembershipLog]:
        """Return who put whom into a group or took her out, oldest first."""
        return await audits.membership_log(self._client, group, since)
