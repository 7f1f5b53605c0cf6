"""A process of its own: one inventory, from a cold start, and what it took."""

import asyncio
import sys
from datetime import UTC, datetime

from adapters.graph.client import GraphClient
from adapters.graph.directory import GraphDirectory
from adapters.graph.reply import Reply
from adapters.warehouse.warehouse import BlobWarehouse
from benchmarks.inventory.metered import MeteredBlobs, account, stored
from benchmarks.world.in_memory import in_memory
from benchmarks.world.measured import Measured, peak
from domain.jobs.inventory import take_inventory
from tests.contract.graph.token import LocalToken


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
    ports = in_memory(
        directory=GraphDirectory(client), warehouse=BlobWarehouse(blobs), clock=_Clock()
    )
    measured = Measured()
    with measured.phase("inventory"):
        kept = await take_inventory(ports)
    assert kept
    report = {"pages": client.pages, "peak": peak(), **blobs.counts()}
    await client.close()
    measured.report(**report, counts=kept.counts, stored=await stored(blobs))
    await blobs_account.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
