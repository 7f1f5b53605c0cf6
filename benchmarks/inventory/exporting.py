"""A process of its own: parts of the latest snapshot as files, then of the one before it."""

import asyncio
import sys

from adapters.warehouse.warehouse import BlobWarehouse
from benchmarks.inventory.metered import SNAPSHOTS, account
from benchmarks.world.in_memory import in_memory
from benchmarks.world.measured import Measured, peak
from domain.jobs.export import PART, export

PARTS = 4


async def main(blobs_url: str) -> None:
    """Export and report."""
    storage = account(blobs_url)
    ports = in_memory(warehouse=BlobWarehouse(storage.container(SNAPSHOTS)))
    latest, before, *_ = await ports.warehouse.snapshots()
    measured, peaks = Measured(), {}
    for name, snapshot in (("latest", latest), ("past", before)):
        size = min(PART, snapshot.counts["people"] // PARTS)
        for part in range(1, PARTS + 1):
            with measured.phase(f"{name} {part}"):
                assert await export(ports, "people", snapshot.id, "parquet", part, size)
        peaks[name] = peak()
    await storage.close()
    measured.report(peaks=peaks)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
