"""A warehouse in memory."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from adapters.warehouse.sheets import parquet_of
from domain.attributes import MANAGER, SOURCES
from domain.errors import Busy, Conflict, Later
from domain.inventory.group import Group
from domain.inventory.membership import Memberships
from domain.inventory.people import Column, People, Person, empty, people_of
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.ports import GroupsPage, KeptSnapshot, PeoplePage, Reading, Tokens
from domain.ports.directory import ManagerChange
from domain.ports.shelves import Failure
from domain.sheets import Sheet
from tests.fakes.faults import Faulty, can_fail

_LOOK = 0.05
"""Each look at a held turn uses up so many seconds of patience; no time really passes."""


@dataclass
class Kept:
    """What is inventoried, as plain sets; members need not be known people."""

    also: frozenset[str] = frozenset()
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    nested: dict[str, set[str]] = field(default_factory=dict)
    managers: dict[str, str] = field(default_factory=dict)
    """Person -> manager."""

    def copy(self) -> "Kept":
        return Kept(
            self.also,
            dict(self.people),
            dict(self.groups),
            {group: set(members) for group, members in self.members.items()},
            {group: set(members) for group, members in self.nested.items()},
            {person: manager for person, manager in self.managers.items() if person in self.people},
        )

    def add_person(self, person: Person) -> None:
        names = (*SOURCES, *(self.also - {MANAGER}))
        attributes = {name: person.attributes.get(name, empty(name)) for name in names}
        self.people[person.id] = replace(person, attributes=attributes)

    def change_manager(self, change: ManagerChange) -> None:
        if not change.ended:
            self.managers[change.person] = change.manager
        elif self.managers.get(change.person) == change.manager:
            del self.managers[change.person]

    def lose_group(self, gone: str) -> None:
        for facts in (self.groups, self.members, self.nested):
            facts.pop(gone, None)
        for members in self.nested.values():
            members.discard(gone)

    def snapshot(self, taken_at: datetime, products: Mapping[str, Product]) -> Snapshot:
        people = self._people()
        direct = {group: people.rows(sorted(self.members[group])) for group in self.groups}
        nested = {group: tuple(sorted(m)) for group, m in self.nested.items() if m}
        memberships = Memberships(direct, nested)
        return Snapshot(taken_at, people, dict(self.groups), memberships, dict(products))

    def _people(self) -> People:
        people = people_of(self.people.values())
        columns = {name: people.columns[name] for name in SOURCES}
        for name in self.also - {MANAGER}:
            columns[name] = people.columns.get(name, Column.of([]))
        if MANAGER in self.also:
            rows = range(len(people))
            columns[MANAGER] = Column.of(self.managers.get(people.id(row)) for row in rows)
        return replace(people, columns=columns)


class FakeDraft:
    """A snapshot being made in memory."""

    def __init__(
        self, warehouse: "FakeWarehouse", facts: Kept, version: int, anew: bool = False
    ) -> None:
        self.reading: Reading | None = None
        self.anew = anew
        self._warehouse = warehouse
        self._facts = facts
        self._version = version
        self._changed = anew

    @property
    def also(self) -> frozenset[str]:
        return self._facts.also

    async def add_people(self, page: PeoplePage) -> None:
        self._changed = self._changed or bool(page.ids or page.gone or page.managers)
        for person in page.people():
            self._facts.add_person(person)
        for change in page.managers:
            self._facts.change_manager(change)
        for gone in page.gone:
            self._facts.people.pop(gone, None)

    async def add_groups(self, page: GroupsPage) -> None:
        self._changed = self._changed or bool(page.groups or page.gone)
        for change in page.groups:
            self._facts.groups[change.group.id] = change.group
            members = self._facts.members.setdefault(change.group.id, set())
            members.update(change.joined)
            members.difference_update(change.left)
            nested = self._facts.nested.setdefault(change.group.id, set())
            nested.update(change.nested)
            nested.difference_update(change.unnested)
        for gone in page.gone:
            self._facts.lose_group(gone)

    async def restart_people(self) -> None:
        base = self._warehouse.base(self.anew)
        self._facts.people, self._facts.managers = base.people, base.managers

    async def restart_groups(self) -> None:
        base = self._warehouse.base(self.anew)
        self._facts.groups, self._facts.members = base.groups, base.members
        self._facts.nested = base.nested

    async def pause(self, reading: Reading) -> None:
        self._warehouse.paused = (self._version, self.anew, self._facts.copy(), reading)

    async def forget(self) -> None:
        self._warehouse.paused = None

    async def keep(
        self, taken_at: datetime, products: Mapping[str, Product], tokens: Tokens
    ) -> KeptSnapshot:
        snapshot = self._facts.snapshot(taken_at, products)
        latest = await self._warehouse.latest()
        new = self._changed or self.reading is not None
        new = new or latest is None or latest.products != snapshot.products
        return await self._warehouse.swap(self._version, self._facts, snapshot, tokens, new=new)


@dataclass(frozen=True)
class FakeTurn:
    """The turn, held."""

    warehouse: "FakeWarehouse"

    async def wanted(self) -> bool:
        return self.warehouse.wanted


class FakeWarehouse(Faulty):
    """The Warehouse port in memory; tell "swap" to fail for a crash inside of `keep`."""

    def __init__(self) -> None:
        super().__init__()
        self._version = 0
        self._facts = Kept()
        self._latest: Snapshot | None = None
        self._past: dict[str, tuple[datetime, Snapshot]] = {}
        """Id -> since when it was so, and the snapshot."""
        self._tokens = Tokens()
        self._adopted: dict[str, frozenset[str]] = {}
        self._seen: dict[str, frozenset[str]] = {}
        self._failure: Failure | None = None
        self._busy = False
        self._wanting = 0
        self._reading = asyncio.Lock()
        self._compiling = asyncio.Lock()
        self.paused: tuple[int, bool, Kept, Reading] | None = None

    @can_fail
    async def latest(self) -> Snapshot | None:
        return self._latest

    @can_fail
    async def unfinished(self) -> Reading | None:
        return self.paused[3] if self.paused else None

    @can_fail
    async def note(self, failure: Failure) -> None:
        self._failure = failure

    @can_fail
    async def failure(self) -> Failure | None:
        return self._failure

    @can_fail
    async def newest(self) -> KeptSnapshot | None:
        return next(iter(self._all()), None)

    @can_fail
    async def snapshots(self) -> list[KeptSnapshot]:
        return self._all()

    def _all(self) -> list[KeptSnapshot]:
        return [_kept(id, *one) for id, one in reversed(self._past.items())]

    @can_fail
    async def snapshot(self, id: str) -> Snapshot | None:
        return self._past[id][1] if id in self._past else None

    def parquet(self, sheets: Iterable[Sheet]) -> bytes:
        return parquet_of(sheets)

    def base(self, anew: bool) -> Kept:
        """Return what a draft begins from."""
        return Kept() if anew else self._facts.copy()

    @can_fail
    async def begin(
        self, anew: bool = False, also: frozenset[str] = frozenset()
    ) -> tuple[FakeDraft, Tokens]:
        anew = anew or not also <= self._facts.also
        if self.paused and self.paused[0] == self._version and self.paused[1] >= anew:
            _, whole, facts, reading = self.paused
            draft = FakeDraft(self, facts.copy(), self._version, whole)
            draft.reading = reading
            return draft, reading.starts
        if anew:
            return FakeDraft(self, Kept(also), self._version, anew), Tokens()
        return FakeDraft(self, self._facts.copy(), self._version), self._tokens

    @can_fail
    async def swap(
        self, version: int, facts: Kept, snapshot: Snapshot, tokens: Tokens, *, new: bool
    ) -> KeptSnapshot:
        """Make a draft's snapshot the latest, by the name of the one before if nothing is new."""
        if version != self._version:
            raise Conflict("Another run made a later snapshot.")
        self._version += 1
        self.paused = None
        self._facts, self._latest, self._tokens = facts.copy(), snapshot, tokens
        id, since = f"{snapshot.taken_at:%Y%m%dT%H%M%S}-{self._version:08d}", snapshot.taken_at
        if not new:
            id, (since, _) = self._past.popitem()
        self._past[id] = since, snapshot
        return _kept(id, since, snapshot)

    @can_fail
    async def adopted(self, bundle: str) -> frozenset[str]:
        return self._adopted.get(bundle, frozenset())

    @can_fail
    async def adopt(self, bundle: str, people: frozenset[str]) -> None:
        self._adopted[bundle] = people

    @can_fail
    async def seen(self, bundle: str) -> frozenset[str] | None:
        return self._seen.get(bundle)

    @can_fail
    async def see(self, bundle: str, people: frozenset[str]) -> None:
        self._seen[bundle] = people

    @asynccontextmanager
    async def inventorying(self, patience: float = 0.0) -> AsyncIterator[None]:
        if self._reading.locked() and not patience:
            raise Busy("Another process holds the inventory.", after=2.0)
        async with self._reading:
            yield

    @asynccontextmanager
    async def compiling(self, patience: float = 0.0) -> AsyncIterator[None]:
        for _ in range(int(patience / _LOOK)):
            if not self._compiling.locked():
                break
            await asyncio.sleep(0)
        if self._compiling.locked():
            raise Busy("Another process holds the compile.", after=2.0)
        async with self._compiling:
            yield

    @asynccontextmanager
    async def turn(self, patience: float = 0.0, *, urgent: bool = False) -> AsyncIterator[FakeTurn]:
        self._wanting += urgent
        try:
            for _ in range(int(patience / _LOOK)):
                if not self._busy and (urgent or not self._wanting):
                    break
                await asyncio.sleep(0)
        finally:
            self._wanting -= urgent
        if self._busy:
            raise Later("Another compile holds the turn.", after=2.0)
        self._busy = True
        try:
            yield FakeTurn(self)
        finally:
            self._busy = False

    @property
    def wanted(self) -> bool:
        """Whether somebody urgent waits for the turn."""
        return self._wanting > 0


def _kept(id: str, since: datetime, snapshot: Snapshot) -> KeptSnapshot:
    return KeptSnapshot(id, since, snapshot.taken_at, _counts(snapshot))


def _counts(snapshot: Snapshot) -> dict[str, int]:
    return {
        "people": len(snapshot.people),
        "groups": len(snapshot.groups),
        "memberships": sum(map(len, snapshot.memberships.people.values())),
        "products": len(snapshot.products),
    }
