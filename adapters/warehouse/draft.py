"""A snapshot being made: the latest one, and the changes read since."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from adapters.warehouse.census import Census
from adapters.warehouse.managers import ManagerChanges
from adapters.warehouse.parts import Part, PeopleLog
from adapters.warehouse.rosters import GroupChanges
from adapters.warehouse.stored import Facts, next_facts
from domain.attributes import MANAGER
from domain.ports import GroupsPage, PeoplePage, Tokens
from domain.product import Product
from domain.snapshot import Snapshot

type Keep = Callable[[datetime, Facts, Tokens], Awaitable[Snapshot]]


class BlobDraft:
    """The Draft port: pages become columns as they come, and are merged in the end."""

    def __init__(self, base: Facts, keep: Keep) -> None:
        self._base = base
        self._log = PeopleLog(base.census.also)
        self._parts: list[Part] = []
        self._managers = ManagerChanges()
        self._groups = GroupChanges(base.rosters)
        self._keep = keep

    @property
    def also(self) -> frozenset[str]:
        """The attributes on demand that this snapshot has."""
        return self._base.census.also

    async def add_people(self, page: PeoplePage) -> None:
        """Take in a page of people."""
        self._log.add(page)
        self._managers.add(page.managers)
        if self._log.full():
            self._parts.append(self._log.part())

    async def add_groups(self, page: GroupsPage) -> None:
        """Take in a page of groups."""
        self._groups.add(page)

    async def keep(
        self, taken_at: datetime, products: Mapping[str, Product], tokens: Tokens
    ) -> Snapshot:
        """Write the snapshot and make it the latest; a draft is kept once.

        Raises:
            Conflict: another run made a later one meanwhile; nothing was changed.
        """
        # A million people take seconds: leave the event loop to leases and health checks.
        facts = await asyncio.to_thread(self._merge, dict(products))
        return await self._keep(taken_at, facts, tokens)

    def _merge(self, products: Mapping[str, Product]) -> Facts:
        if not self._log.empty():
            self._parts.append(self._log.part())
        before = self._base.census
        census = self._census(before)
        rosters = self._groups.merge(before.ids, census.ids)
        return next_facts(self._base, census, rosters, self._groups.edges, products)

    def _census(self, before: Census) -> Census:
        with_managers = MANAGER in self.also and self._managers.any()
        if not self._parts and not with_managers:
            return before
        ids, order = before.more(self._parts)
        managers = before.columns.managers()
        if managers is not None:
            managers = self._managers.merge(before.ids, managers, ids)
        return before.grown(ids, order, self._parts, managers)
