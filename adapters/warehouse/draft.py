"""A snapshot being made: what there was, and the changes read since."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from adapters.warehouse.census import Census
from adapters.warehouse.managers import ManagerChanges
from adapters.warehouse.parts import Part, PeopleLog
from adapters.warehouse.progress import Pages, Progress, Said, Saved, part_name
from adapters.warehouse.rosters import GroupChanges
from adapters.warehouse.since import Since
from adapters.warehouse.stored import Facts, next_facts
from domain.attributes import MANAGER
from domain.inventory.product import Product
from domain.ports import GroupsPage, KeptSnapshot, PeoplePage, Reading, Tokens
from domain.ports.directory import ManagerChange


class BlobDraft:
    """The Draft port: pages become columns as they come, and are merged in the end.

    What was there before is not even read unless something changed.
    """

    def __init__(self, since: Since, progress: Progress, saved: Saved) -> None:
        self._since = since
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
        self.also = since.also
        """The attributes on demand that this snapshot has."""
        self._log = PeopleLog(self.also)
        self._parts: list[asyncio.Future[Part]] = []
        """In order; the newest may still be in the making."""
        self._managers = ManagerChanges()
        self._groups = GroupChanges()

    async def add_people(self, page: PeoplePage) -> None:
        """Take in a page of people."""
        self._log.add(page)
        self._managers.add(page.managers)
        self._said += page.managers
        if self._log.full():
            await _all_made(self._parts)  # one is made while the next is read
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
        self._parts += map(_made, parts.values())
        for changes in said:
            self._managers.add(changes)
        for page in chain.from_iterable(pages):
            self._groups.add(page)
        self.reading, self._kept = self._saved.reading, True

    async def pause(self, reading: Reading) -> None:
        """Keep what was read so far, and how far that is."""
        # All of it is gathered before anything is awaited: a page more would not be in `reading`.
        self._seal()
        parts = tuple(self._parts)
        said, pages = tuple(self._said), tuple(self._pages)
        self._said, self._pages = [], []
        self._kept = True
        async with self._saving:
            known = {id(part) for part in self._blobs.values()}
            made = await _all_made(parts)
            new = {part_name(): part for part in made if id(part) not in known}
            self._blobs |= new
            saved = replace(self._saved, reading=reading)
            self._saved = await self._progress.save(saved, new, said, pages)

    async def restart_people(self) -> None:
        """Forget the people read so far."""
        async with self._saving:  # or what is being kept just now would come back
            self._forget_people()

    async def restart_groups(self) -> None:
        """Forget the groups read so far."""
        async with self._saving:
            self._groups, self._pages = GroupChanges(), []
            self._saved = replace(self._saved, pages=())

    def _forget_people(self) -> None:
        self._log, self._parts = PeopleLog(self.also), []
        self._managers, self._said, self._blobs = ManagerChanges(), [], {}
        self._saved = replace(self._saved, parts=(), said=())

    async def forget(self) -> None:
        """Forget what was kept so far."""
        await self._progress.forget()

    async def keep(
        self, taken_at: datetime, products: Mapping[str, Product], tokens: Tokens
    ) -> KeptSnapshot:
        """Make it the latest snapshot; a draft is kept once.

        Raises:
            Conflict: another run made a later one meanwhile; nothing was changed.
        """
        if await self._nothing_new(products):
            manifest = await self._since.renew(taken_at, tokens)
        else:
            self._seal()
            base, parts = await self._since.facts(), await _all_made(self._parts)
            # A million people take seconds: leave the event loop to leases and health checks.
            facts = await asyncio.to_thread(self._merge, base, parts, dict(products))
            blobs = {id(part.body): name for name, part in self._blobs.items()}
            manifest = await self._since.write(taken_at, facts, tokens, blobs)
        if self._kept:
            await self._progress.forget()
        return manifest.kept()

    async def _nothing_new(self, products: Mapping[str, Product]) -> bool:
        if self._parts or not self._log.empty() or self._managers.any() or self._groups.any():
            return False
        return await self._since.products() == products

    def _seal(self) -> None:
        """Have a part made of what was read, in a thread: most of it is compression."""
        if not self._log.empty():
            log, self._log = self._log, PeopleLog(self.also)
            self._parts.append(asyncio.ensure_future(asyncio.to_thread(log.part)))

    def _merge(self, base: Facts, parts: Sequence[Part], products: Mapping[str, Product]) -> Facts:
        before = base.census
        census = self._census(before, parts)
        rosters = self._groups.merge(base.rosters, before.ids, census.ids)
        return next_facts(base, census, rosters, self._groups.edges, products)

    def _census(self, before: Census, parts: Sequence[Part]) -> Census:
        with_managers = MANAGER in self.also and self._managers.any()
        if not parts and not with_managers:
            return before
        ids, order = before.more(parts)
        managers = before.columns.managers()
        if managers is not None:
            managers = self._managers.merge(before.ids, managers, ids)
        return before.grown(ids, order, parts, managers)


async def _all_made(parts: Sequence[asyncio.Future[Part]]) -> list[Part]:
    """Return the parts once they are there; whoever stops waiting does not stop their making."""
    if parts:
        await asyncio.wait(parts)
    return [part.result() for part in parts]


def _made(part: Part) -> asyncio.Future[Part]:
    made: asyncio.Future[Part] = asyncio.get_running_loop().create_future()
    made.set_result(part)
    return made
