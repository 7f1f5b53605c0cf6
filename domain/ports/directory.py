"""The tenant, read; and where bundles are handed out."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.change import Change
from domain.group import Group
from domain.outcome import LicenseState, Outcome
from domain.people import Person
from domain.product import Product


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some people as they are now, and the ids of people who are gone."""

    people: tuple[Person, ...] = ()
    gone: tuple[str, ...] = ()
    token: str | None = None
    """On the last page: where the next round of changes begins."""


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


@dataclass(frozen=True, slots=True)
class CloseUp:
    """One person read afresh, with the ids of the groups she is in."""

    person: Person
    direct: frozenset[str]
    everywhere: frozenset[str]
    """Directly or through nesting."""


class Directory(Protocol):
    """The tenant's directory, read. Nothing partial is ever returned: a failed read raises."""

    def people(self, token: str | None) -> AsyncIterator[PeoplePage]:
        """Yield what changed since the token, or everyone when there is none.

        Raises:
            Resync: the token is dead; read everything anew.
        """
        ...

    def groups(self, token: str | None) -> AsyncIterator[GroupsPage]:
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

    async def close_up(self, ids: Sequence[str]) -> Mapping[str, CloseUp | None]:
        """Read people afresh with all their groups; None for a person who is gone."""
        ...

    async def licenses(
        self, target: str, people: Sequence[str]
    ) -> Mapping[str, tuple[LicenseState, ...] | None]:
        """Return people's licenses by every route; None for a person who is gone."""
        ...


class Targets(Protocol):
    """Where bundles are handed out."""

    async def carry_out(self, target: str, changes: Sequence[Change]) -> Mapping[str, Outcome]:
        """Carry out changes at one target; every person gets an outcome of her own."""
        ...
