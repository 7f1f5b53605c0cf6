"""Histories of a tenant and of the inventories taken of it, for hypothesis to make up.

People and groups come, change, go and come back, tokens die, pages come twice, a run stops or dies
after any page, and the next one goes on with it. Each inventory is the tenant at some moment.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from domain.attributes import MANAGER
from domain.errors import Later
from domain.inventory.snapshot import Snapshot
from domain.jobs.inventory import take_inventory
from domain.ports import KeptSnapshot, Warehouse
from tests.fakes.clock import FakeClock
from tests.fakes.faults import Crash
from tests.unit.office import Office

PEOPLE = [str(UUID(int=number)) for number in range(1001, 1013)]
GROUPS = [str(UUID(int=number)) for number in range(2001, 2004)]

type Step = tuple[Any, ...]
type State = tuple[frozenset[Any], ...]
"""Who is there, and which memberships are."""

person, group = st.sampled_from(PEOPLE), st.sampled_from(GROUPS)
inside = st.sampled_from(PEOPLE + GROUPS)
changes = st.one_of(
    st.tuples(st.just("person"), person, st.sampled_from(["Oslo", "Bergen"])),
    st.tuples(st.just("manager"), person, person),
    st.tuples(st.just("no_person"), person),
    st.tuples(st.just("no_person"), st.sampled_from(PEOPLE[:3])),  # read before a run stops
    st.tuples(st.just("leave"), st.just(GROUPS[0]), st.sampled_from(PEOPLE[:3])),
    st.tuples(st.just("group"), group, st.sampled_from(["Team", "Crew"])),
    st.tuples(st.just("no_group"), group),
    st.tuples(st.just("join"), group, inside),
    st.tuples(st.just("leave"), group, inside),
)
runs = st.tuples(
    st.just("run"),
    st.sampled_from([*range(12, 24), 40, 3, None]),
    st.sampled_from([False, False, False, True]),
    st.lists(st.tuples(st.integers(2, 30), changes), max_size=2),
)
expiry = st.sampled_from([[], [("expire",)]])
chapters = st.tuples(st.lists(changes, max_size=3), expiry, runs)
histories = st.lists(chapters, min_size=2, max_size=7).map(
    lambda told: [step for moves, expiry, run in told for step in (*moves, *expiry, run)]
)


class _Pages(FakeClock):
    """A clock that is looked at after each page, and lets things happen there."""

    def __init__(self, look: Callable[[int], None], now: datetime) -> None:
        super().__init__(now)
        self._look, self._looks = look, 0

    def now(self) -> datetime:
        self._looks += 1
        self._look(self._looks)
        return super().now()


class Company:
    """A tenant with a history, and the inventories that are taken of it."""

    def __init__(self, *, replays: bool, process: Callable[[], Warehouse] | None = None) -> None:
        """Take where another process finds the snapshots; without it they are in memory."""
        self.office = Office()
        self._process = process or (lambda: self.office.warehouse)
        self.tenant = self.office.tenant
        self.tenant.page_size, self.tenant.member_slice, self.tenant.replays = 1, 2, replays
        self.past: list[State] = []
        self.began = [0, 0]
        """Where in the past the rounds of people and of groups began."""
        for one in PEOPLE:
            self.change("person", one, "Oslo")
        for one in GROUPS:
            self.change("group", one, "Team")
            self.tenant.join(one, *PEOPLE)

    async def play(self, history: list[Step]) -> None:
        rule = f'Direct Reports for "{PEOPLE[0]}"'  # managers are read where a rule wants them
        await self.office.offer("e3", policy={"rule": rule})
        self.remember()
        for name, *facts in history:
            if name == "run":
                await self.run(*facts)
            else:
                self.change(name, *facts)
        await self.run(None, False, [])  # it may go on with one that began long ago
        self.office.clock.advance(1)
        self.is_as(await self.take(self.office.clock))

    def change(self, name: str, *facts: Any) -> None:
        """Do something to the tenant, if it can be done, and remember how it is then."""
        getattr(self, f"_{name}")(*facts)
        self.remember()

    def remember(self) -> None:
        inside = {(one, member) for one in self.tenant.groups for member in self.tenant.inside(one)}
        self.past.append((frozenset(self.tenant.people), frozenset(inside)))

    async def run(self, stop: int | None, dies: bool, meanwhile: list[tuple[int, Step]]) -> None:
        """Take an inventory that stops after so many pages, or ends; things happen meanwhile."""

        def look(page: int) -> None:
            for at, (name, *facts) in meanwhile:
                if at == page:
                    self.change(name, *facts)
            if page == stop:
                raise Crash() if dies else Later("Graph is away.")

        warehouse = self._process()
        if await warehouse.unfinished() is None:
            self.began = [len(self.past) - 1] * 2
        before, now = await self._kept(warehouse), len(self.past) - 1
        self.office.log.lines.clear()
        with suppress(Crash, Later):
            await self.take(_Pages(look, self.office.clock.advance(1)))
        self.note_restarts(now)
        after = await warehouse.latest()
        if after is not None and await self._kept(warehouse) != before:
            self.was(after)

    def note_restarts(self, now: int) -> None:
        """Notice whose round was begun again by this run: nothing is left of what was read."""
        for event, facts in self.office.log.lines:
            if event == "inventory.again":
                self.began[facts["round"] == "groups"] = now

    async def take(self, clock: FakeClock) -> Snapshot:
        until = self.office.clock.now() + timedelta(days=1)
        warehouse = self._process()
        ports = replace(self.office.ports, clock=clock, warehouse=warehouse)
        await take_inventory(ports, until)
        latest = await warehouse.latest()
        assert latest
        return latest

    async def _kept(self, warehouse: Warehouse) -> KeptSnapshot | None:
        """Return the latest snapshot, and when it was seen; each run has a time of its own."""
        return next(iter(await warehouse.snapshots()), None)

    def was(self, snapshot: Snapshot) -> None:
        """See that nothing is in it that was not, and nothing is missing that was all along."""
        first = self.past[min(self.began) :]
        for kind, found in enumerate(_state(snapshot)):
            all_along = reduce(frozenset.intersection, (state[kind] for state in first))
            since = self.past[self.began[kind] :]
            assert all_along <= found <= reduce(frozenset.union, (state[kind] for state in since))

    def is_as(self, snapshot: Snapshot) -> None:
        """See that it is exactly the tenant."""
        assert _state(snapshot) == self.past[-1]
        assert snapshot.groups == self.tenant.groups
        for row in range(len(snapshot.people)):
            found = snapshot.people.person(row)
            meant = self.tenant.person(found.id)
            for name in ("city", MANAGER):
                assert found.attributes[name] == meant.attributes.get(name)

    def _person(self, id: str, city: str) -> None:
        if id in self.tenant.people:
            self.tenant.move(id, city=city)
        else:
            self.tenant.add_person("Ada", id, city=city)

    def _manager(self, id: str, manager: str) -> None:
        if {id, manager} <= self.tenant.people.keys():
            self.tenant.move(id, manager=manager)

    def _no_person(self, id: str) -> None:
        if id in self.tenant.people:
            self.tenant.move(id, manager=None)
            self.tenant.remove_person(id)

    def _group(self, id: str, name: str) -> None:
        if id in self.tenant.groups:
            self.tenant.change_group(id, name=name)
        else:
            self.tenant.add_group(name, id)

    def _no_group(self, id: str) -> None:
        if id in self.tenant.groups:
            self.tenant.leave(id, *self.tenant.inside(id))
            self.tenant.remove_group(id)

    def _join(self, id: str, member: str) -> None:
        if id in self.tenant.groups and member in {*self.tenant.people, *self.tenant.groups}:
            self.tenant.join(id, member)

    def _leave(self, id: str, member: str) -> None:
        if id in self.tenant.groups:
            self.tenant.leave(id, member)

    def _expire(self) -> None:
        self.tenant.expire_tokens()


def _state(snapshot: Snapshot) -> State:
    memberships = snapshot.memberships
    people = {
        (g, one) for g in snapshot.groups for one in snapshot.people.names(memberships.people[g])
    }
    groups = {(g, one) for g, inner in memberships.nested.items() for one in inner}
    everyone = [id.decode() for id in snapshot.people.ids.tolist()]
    return frozenset(everyone), frozenset(people | groups)
