"""A process of its own: from storage to the columns that a compile asks for."""

import asyncio
import sys
import time

from adapters.warehouse.warehouse import BlobWarehouse
from benchmarks.inventory.metered import SNAPSHOTS, account
from benchmarks.world.measured import Measured, peak

_ASKED = (
    "accountEnabled",
    "city",
    "country",
    "department",
    "extensionAttribute1",
    "jobTitle",
    "mail",
    "userPrincipalName",
    "userType",
)


async def main(blobs_url: str) -> None:
    """Load and report."""
    storage = account(blobs_url)
    measured = Measured()
    began = time.perf_counter()
    with measured.phase("load"):
        snapshot = await BlobWarehouse(storage.container(SNAPSHOTS)).latest()
        assert snapshot is not None
        ids = time.perf_counter() - began
        for name in _ASKED:
            snapshot.people.column(name)
        sum(len(snapshot.memberships.direct(group)) for group in snapshot.groups)
    took = measured.seconds["load"] - ids
    await storage.close()
    measured.report(peak=peak(), ids=ids, columns=took)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
