"""A snapshot being made: the latest one, and the changes read since."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from adapters.warehouse.census import Census
from adapters.warehouse.managers import ManagerChanges
from adapters.warehouse.parts import Part, PeopleLog
from adapters.warehouse.progress import Pages, Progress, Said, Saved, part_name
from adapters.warehouse.rosters import GroupChanges
from adapters.warehouse.stored import Facts, next_facts
from domain.attributes import MANAGER
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.ports import GroupsPage, PeoplePage, Reading, Tokens
from domain.ports.directory import ManagerChange

type Keep = Callable[[datetime, Facts, Tokens, Mapping[int, str]], Awaitable[Snapshot]]


class BlobDraft:
    """The Draft port: pages become columns as they come, and are merged in the end."""

    def __init__(self, base: Facts, keep: Keep, progress: Progress, saved: Saved) -> None:
        self._base = base
        self._progress = progress
        self._saved = saved
        self._blobs: dict[str, Part] = {}
        """Parts that are in blobs already."""
        self._said: list[ManagerChange] = []
        self._pages: list[GroupsPage] = []
        self._saving = asyncio.Lock()
        self._kept = False
        """Whether anything was kept on the way, by this run or the one it goes on with."""
        self.reading: Reading | None = None
        self.starts = saved.reading.starts
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
        self._said += page.managers
        if self._log.full():
            self._seal()

    async def add_groups(self, page: GroupsPage) -> None:
        """Take in a page of groups."""
        self._groups.add(page)
        self._pages.append(page)

    def resume(
        self, parts: Mapping[str, Part], said: Sequence[Said], pages: Sequence[Pages]
    ) -> None:
        """Take in what an earlier run had read."""
        self._blobs |= parts
        self._parts += parts.values()
        for changes in said:
            self._managers.add(changes)
        for page in chain.from_iterable(pages):
            self._groups.add(page)
        self.reading, self._kept = self._saved.reading, True

    async def pause(self, reading: Reading) -> None:
        """Keep what was read so far, and how far that is."""
        # All of it is gathered before anything is awaited: a page more would not be in `reading`.
        self._seal()
        known = {id(part) for part in self._blobs.values()}
        new = {part_name(): part for part in self._parts if id(part) not in known}
        said, pages = tuple(self._said), tuple(self._pages)
        self._blobs |= new
        self._said, self._pages = [], []
        self._kept = True
        async with self._saving:
            saved = replace(self._saved, reading=reading)
            self._saved = await self._progress.save(saved, new, said, pages)

    def restart_people(self) -> None:
        """Forget the people read so far."""
        self._log, self._parts = PeopleLog(self.also), []
        self._managers, self._said, self._blobs = ManagerChanges(), [], {}
        self._saved = replace(self._saved, parts=(), said=())

    def restart_groups(self) -> None:
        """Forget the groups read so far."""
        self._groups, self._pages = GroupChanges(self._base.rosters), []
        self._saved = replace(self._saved, pages=())

    async def forget(self) -> None:
        """Forget what was kept so far."""
        await self._progress.forget()

    async def keep(
        self, taken_at: datetime, products: Mapping[str, Product], tokens: Tokens
    ) -> Snapshot:
        """Write the snapshot and make it the latest; a draft is kept once.

        Raises:
            Conflict: another run made a later one meanwhile; nothing was changed.
        """
        # A million people take seconds: leave the event loop to leases and health checks.
        facts = await asyncio.to_thread(self._merge, dict(products))
        blobs = {id(part.body): name for name, part in self._blobs.items()}
        snapshot = await self._keep(taken_at, facts, tokens, blobs)
        if self._kept:
            await self._progress.forget()
        return snapshot

    def _merge(self, products: Mapping[str, Product]) -> Facts:
        self._seal()
        before = self._base.census
        census = self._census(before)
        rosters = self._groups.merge(before.ids, census.ids)
        return next_facts(self._base, census, rosters, self._groups.edges, products)

    def _seal(self) -> None:
        if not self._log.empty():
            self._parts.append(self._log.part())

    def _census(self, before: Census) -> Census:
        with_managers = MANAGER in self.also and self._managers.any()
        if not self._parts and not with_managers:
            return before
        ids, order = before.more(self._parts)
        managers = before.columns.managers()
        if managers is not None:
            managers = self._managers.merge(before.ids, managers, ids)
        return before.grown(ids, order, self._parts, managers)
