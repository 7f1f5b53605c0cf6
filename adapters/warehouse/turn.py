"""The turn to decide: a blob lease, renewed for as long as it is needed.

Source: Azure Storage docs, Lease Blob (15 to 60 seconds; a lease that is not renewed runs out).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from azure.storage.blob.aio import BlobLeaseClient

from adapters.storage_errors import BLOB_ROLE, storage_errors
from adapters.warehouse.blobs import Blobs
from domain.errors import Busy, Later, SeatflowError

LEASE = 60
"""Seconds until the turn of a process that died is free again."""
_RENEWAL = 15.0
_POLL = 0.5
_MARGIN = 5.0
"""Seconds before the lease runs out at which a holder who could not renew it stops."""


@asynccontextmanager
async def hold_turn(blobs: Blobs, name: str, patience: float = 0.0) -> AsyncIterator[None]:
    """Hold the turn; whoever loses it is stopped before the next one begins.

    Args:
        patience: seconds to wait for it while another holds it.

    Raises:
        Busy: another process holds it for longer.
        Later: it was lost on the way.
    """
    lease, began = await _take(blobs, name, patience)
    try:
        async with asyncio.timeout_at(began + LEASE - _MARGIN) as deadline:
            renewal = asyncio.create_task(_renew(lease, deadline))
            try:
                yield
            finally:
                renewal.cancel()
                await asyncio.wait([renewal])
    except TimeoutError:
        if not deadline.expired():
            raise
        raise Later("The turn was lost: its lease could not be renewed.", after=2.0) from None
    finally:
        # A lease that cannot be given back runs out by itself.
        with suppress(SeatflowError), storage_errors(BLOB_ROLE):
            await lease.release()


async def _take(blobs: Blobs, name: str, patience: float) -> tuple[BlobLeaseClient, float]:
    """Return the lease, and when it was asked for."""
    clock = asyncio.get_running_loop().time
    give_up = clock() + patience
    while True:
        asked = clock()
        lease = await blobs.lease(name, LEASE)
        if lease is not None:
            return lease, asked
        if clock() >= give_up:
            raise Busy(f"Another process holds the {name}.", after=2.0)
        await asyncio.sleep(_POLL)


async def _renew(lease: BlobLeaseClient, deadline: asyncio.Timeout) -> None:
    while True:
        await asyncio.sleep(_RENEWAL)
        asked = asyncio.get_running_loop().time()
        with suppress(SeatflowError), storage_errors(BLOB_ROLE):
            await lease.renew()
            deadline.reschedule(asked + LEASE - _MARGIN)
