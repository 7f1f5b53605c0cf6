"""A long read that stops half way goes on where it was, and ends as one that never stopped."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.graph.directory import GraphDirectory
from adapters.warehouse.blobs import Blobs
from adapters.warehouse.warehouse import BlobWarehouse
from domain.errors import Busy
from domain.inventory.snapshot import Snapshot
from domain.jobs.inventory import take_inventory
from domain.ports import Ports
from tests.contract.graph.simulated import SimulatedGraph
from tests.contract.graph.worlds import SimulatedWorld, document_of
from tests.fakes.clock import FakeClock
from tests.fakes.tenant import FakeTenant
from tests.unit.office import Office


class Reader:
    """Thirty people in a team, read in pages of two by any number of processes."""

    def __init__(self, graph: SimulatedGraph, blobs: Blobs) -> None:
        self.graph, self.blobs, self.office = graph, blobs, Office()
        self.tenant = FakeTenant()
        self.people = [self.tenant.add_person(f"Person {n:02}", city="Oslo") for n in range(30)]
        self.team = self.tenant.add_group("Team", None, *self.people)
        self.world = SimulatedWorld(graph)

    def ports(self) -> Ports:
        directory, warehouse = GraphDirectory(self.graph.client), BlobWarehouse(self.blobs)
        return replace(self.office.ports, directory=directory, warehouse=warehouse)

    async def run(self) -> Snapshot:
        ports = self.ports()
        await take_inventory(ports)
        latest = await ports.warehouse.latest()
        assert latest
        return latest

    async def run_for(self, pages: int) -> None:
        """Run until the time is up after so many pages."""
        clock = _Ticking()
        ports = replace(self.ports(), clock=clock)
        assert await take_inventory(ports, clock.after(pages)) is None
        found = await ports.warehouse.unfinished()
        assert found
        assert abs(found.pages - pages) <= 1  # the other round may have been at a page

    def seen(self, snapshot: Snapshot) -> tuple[dict[str, Any], set[str]]:
        people = snapshot.people
        cities = {people.id(row): people.column("city")[row] for row in range(len(people))}
        return cities, set(people.names(snapshot.memberships.direct(self.team)))


class _Ticking(FakeClock):
    """A clock that goes on a second whenever it is looked at."""

    def now(self) -> Any:
        return self.advance(1)

    def after(self, looks: int) -> Any:
        return FakeClock(self._now).advance(looks)


@pytest.fixture
async def reader(graph: SimulatedGraph, blobs: Blobs) -> Reader:
    reader = Reader(graph, blobs)
    await graph.load(document_of(reader.tenant))
    return reader


async def test_a_run_that_is_out_of_time_is_gone_on_with(reader: Reader) -> None:
    await reader.run_for(14)
    await reader.world.move(reader.people[0], city="Bergen")
    await reader.world.move(reader.people[-1], city="Bergen")
    snapshot = await reader.run()

    assert snapshot.taken_at > reader.office.clock.now()  # by the clock of the run that began it
    cities, members = reader.seen(snapshot)
    assert set(cities) == members == set(reader.people)
    cities, members = reader.seen(await reader.run())  # the next round tells who moved meanwhile
    assert {cities[reader.people[0]], cities[reader.people[-1]]} == {"Bergen"}


async def test_who_comes_and_goes_meanwhile_is_not_invented(reader: Reader) -> None:
    await reader.run_for(30)
    for person in reader.people[:3]:
        await reader.world.leave(reader.team, person)
        await reader.world.remove_person(person)
    await reader.graph.switch("POST", "expire-delta-tokens")  # page tokens, too

    cities, members = reader.seen(await reader.run())

    assert set(cities) == members == set(reader.people[3:])
    assert "inventory.again" in reader.office.log.events()


async def test_nothing_of_an_unfinished_run_is_left_behind(reader: Reader) -> None:
    await reader.run_for(14)
    assert await reader.blobs.read("progress.json")
    await reader.run()
    assert await reader.blobs.read("progress.json") is None
    assert await BlobWarehouse(reader.blobs).latest()


async def test_two_never_read_at_once(reader: Reader) -> None:
    async with BlobWarehouse(reader.blobs).inventorying():
        with pytest.raises(Busy):
            await reader.run()
    assert await reader.run()
