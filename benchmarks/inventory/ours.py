"""A process of its own: one inventory, from a cold start, and what it took."""

import asyncio
import sys
from datetime import UTC, datetime

from adapters.graph.client import GraphClient
from adapters.graph.directory import GraphDirectory
from adapters.graph.reply import Reply
from adapters.warehouse.warehouse import BlobWarehouse
from benchmarks.inventory.metered import MeteredBlobs, account, stored
from benchmarks.world.measured import Measured, peak
from domain.jobs.inventory import take_inventory
from domain.ports import Ports
from tests.contract.graph.token import LocalToken
from tests.fakes.directory import FakeTargets
from tests.fakes.ledger import FakeLedger
from tests.fakes.log import FakeLog
from tests.fakes.notices import FakeNotices
from tests.fakes.queue import FakeQueue
from tests.fakes.records import FakeBundles, FakePlans, FakeRuns
from tests.fakes.shelves import FakeShelves
from tests.fakes.sources import FakeSources
from tests.fakes.switches import FakeSwitches
from tests.fakes.tenant import FakeTenant
from tests.fakes.watches import FakeWatches


class _Clock:
    def now(self) -> datetime:
        """Return the time of day."""
        return datetime.now(UTC)  # noqa: TID251  # it is not the app that asks


class _Counting(GraphClient):
    pages = 0

    async def send(self, method: str, url: str, *rest: object, **more: object) -> Reply:
        """Count what is asked of delta queries."""
        self.pages += "/delta?" in url
        return await super().send(method, url, *rest, **more)  # type: ignore[arg-type]


async def main(graph: str, blobs_url: str) -> None:
    """Take the inventory and report."""
    blobs_account = account(blobs_url)
    blobs = MeteredBlobs(blobs_account)
    client = _Counting(f"{graph}/v1.0", LocalToken())
    ports = _ports(GraphDirectory(client), BlobWarehouse(blobs))
    measured = Measured()
    with measured.phase("inventory"):
        kept = await take_inventory(ports)
    assert kept
    report = {"pages": client.pages, "peak": peak(), **blobs.counts()}
    await client.close()
    measured.report(**report, counts=kept.counts, stored=await stored(blobs))
    await blobs_account.close()


def _ports(directory: GraphDirectory, warehouse: BlobWarehouse) -> Ports:
    return Ports(
        directory=directory,
        targets=FakeTargets(FakeTenant()),
        warehouse=warehouse,
        ledger=FakeLedger(),
        bundles=FakeBundles(),
        plans=FakePlans(),
        runs=FakeRuns(),
        queue=FakeQueue(),
        watches=FakeWatches(),
        notices=FakeNotices(),
        switches=FakeSwitches(),
        shelves=FakeShelves(),
        sources=FakeSources(),
        clock=_Clock(),
        log=FakeLog(),
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
