"""Graph goes away in the middle of an inventory, and comes back knowing nothing of it."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.graph.directory import GraphDirectory
from adapters.warehouse.blobs import Blobs
from adapters.warehouse.warehouse import BlobWarehouse
from domain.errors import Later
from domain.inventory.snapshot import Snapshot
from domain.jobs.inventory import take_inventory
from tests.contract.azurite import free_port
from tests.contract.graph.simulated import SETTINGS, SimulatedGraph, running_simulator
from tests.contract.graph.worlds import document_of
from tests.fakes.clock import FakeClock
from tests.fakes.tenant import FakeTenant
from tests.unit.office import Office


class _Ending(FakeClock):
    """A clock that is looked at after each page; after so many, something ends."""

    def __init__(self, pages: int, end: Callable[[], None]) -> None:
        super().__init__()
        self._left, self._end = pages, end

    def now(self) -> datetime:
        self._left -= 1
        if self._left == 0:
            self._end()
        return super().now()


class Restarting:
    """A tenant in a simulator that can be ended and started again, on the same port."""

    def __init__(self, folder: Path, blobs: Blobs) -> None:
        self.tenant, self.blobs, self.ports = FakeTenant(), blobs, Office().ports
        # Many more pages than are read ahead: some must be left when Graph goes away.
        self.people = [self.tenant.add_person(f"Person {n:02}") for n in range(60)]
        self.team = self.tenant.add_group("Team", None, *self.people)
        self._folder, self._port, self._process = folder, str(free_port()), ExitStack()
        (folder / "settings.json").write_text(json.dumps(SETTINGS))

    def start(self) -> None:
        """Start with the tenant as it is now."""
        document, settings = self._folder / "tenant.json", self._folder / "settings.json"
        document.write_text(json.dumps(document_of(self.tenant)))
        arguments = "--port", self._port, "--tenant", str(document), "--settings", str(settings)
        url = self._process.enter_context(running_simulator(*arguments))
        self.graph = SimulatedGraph(url, {})

    def end(self) -> None:
        self._process.close()

    async def take(self, clock: FakeClock | None = None) -> Snapshot | None:
        """Take an inventory in a process of its own."""
        clock, client = clock or FakeClock(), self.graph.another_client()
        warehouse = BlobWarehouse(self.blobs)
        ports = replace(self.ports, directory=GraphDirectory(client), warehouse=warehouse)
        try:
            await take_inventory(replace(ports, clock=clock), FakeClock().now() + timedelta(days=1))
            return await warehouse.latest()
        finally:
            await client.close()

    def is_the_tenant(self, snapshot: Snapshot | None) -> bool:
        assert snapshot
        everyone = set(snapshot.people.ids.astype(str).tolist())
        members = set(snapshot.people.names(snapshot.memberships.direct(self.team)))
        return everyone == self.tenant.people.keys() and members == self.tenant.members(self.team)


@pytest.mark.parametrize("pages", [4, 20])
async def test_the_next_run_ends_complete(tmp_path: Path, blobs: Blobs, pages: int) -> None:
    """Little was read, which is forgotten; or enough to be kept."""
    company = Restarting(tmp_path, blobs)
    company.start()
    try:
        assert company.is_the_tenant(await company.take())
        await company.graph.switch("POST", "expire-delta-tokens")  # so that all is read again
        with pytest.raises(Later):
            await company.take(_Ending(pages, company.end))
        assert company.is_the_tenant(await BlobWarehouse(blobs).latest())
        assert (await blobs.read("progress.json") is not None) == (pages == 20)

        for gone in company.people[:3]:
            company.tenant.remove_person(gone)
        company.tenant.join(company.team, company.tenant.add_person("New"))
        company.start()
        assert await company.take()  # a round that had ended before is as it was then
        assert company.is_the_tenant(await company.take())
    finally:
        company.end()
