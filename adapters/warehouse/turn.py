"""The turn to decide: a blob lease, renewed for as long as it is needed.

Source: Azure Storage docs, Lease Blob (15 to 60 seconds; a lease that is not renewed runs out).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from azure.storage.blob.aio import BlobLeaseClient

from adapters.storage_errors import BLOB_ROLE, storage_errors
from adapters.warehouse.blobs import Blobs
from domain.errors import Busy, Later, SeatflowError

LEASE = 60
"""Seconds until the turn of a process that died is free again."""
_RENEWAL = 15.0
_POLL, _URGENT_POLL = 0.5, 0.1
_LOOK = 0.1
_DECIDE, _WANTED = "turn", "turn-wanted"
_WANTED_FOR = 15
"""Seconds that the sign of somebody who died while she waited stays up."""
_SPELL = 5.0
"""Seconds after which whoever waits puts her sign up anew: it runs out, and may have been that of
somebody who has her turn by now."""
_MARGIN = 5.0
"""Seconds before the lease runs out at which a holder who could not renew it stops."""


@dataclass(slots=True)
class BlobTurn:
    """The turn to decide, held; who waits for it urgently has a lease on a blob beside it."""

    blobs: Blobs
    _look_again: float = 0.0

    async def wanted(self) -> bool:
        """Tell whether somebody urgent waits for it; asked often, it looks now and then."""
        now = asyncio.get_running_loop().time()
        if now < self._look_again:
            return False
        self._look_again = now + _LOOK
        return await self.blobs.leased(_WANTED)


@asynccontextmanager
async def hold_turn_to_decide(
    blobs: Blobs, patience: float, *, urgent: bool
) -> AsyncIterator[BlobTurn]:
    """Hold the turn to decide, after those who are urgent or as one of them.

    Raises:
        Busy: another process holds it for longer than `patience` seconds.
        Later: it was lost on the way.
    """
    take = _take_urgently if urgent else _take_politely
    async with _held(*await take(blobs, patience)):
        yield BlobTurn(blobs)


@asynccontextmanager
async def hold_turn(blobs: Blobs, name: str, patience: float = 0.0) -> AsyncIterator[None]:
    """Hold the turn; whoever loses it is stopped before the next one begins.

    Args:
        patience: seconds to wait for it while another holds it.

    Raises:
        Busy: another process holds it for longer.
        Later: it was lost on the way.
    """
    async with _held(*await _take(blobs, name, patience)):
        yield


@asynccontextmanager
async def _held(lease: BlobLeaseClient, began: float) -> AsyncIterator[None]:
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


async def _take_urgently(blobs: Blobs, patience: float) -> tuple[BlobLeaseClient, float]:
    """Take the turn; while somebody else has it, show that it is wanted."""
    with suppress(Busy):
        return await _take(blobs, _DECIDE)
    clock = asyncio.get_running_loop().time
    give_up = clock() + patience
    while True:
        try:
            return await _take_in_sight(blobs, min(_SPELL, give_up - clock()))
        except Busy:
            if clock() >= give_up:
                raise


async def _take_in_sight(blobs: Blobs, patience: float) -> tuple[BlobLeaseClient, float]:
    """Take the turn, with the sign up unless it is somebody else's already."""
    sign = await blobs.lease(_WANTED, _WANTED_FOR)
    try:
        return await _take(blobs, _DECIDE, patience, _URGENT_POLL)
    finally:
        if sign is not None:
            with suppress(SeatflowError), storage_errors(BLOB_ROLE):
                await sign.release()


async def _take_politely(blobs: Blobs, patience: float) -> tuple[BlobLeaseClient, float]:
    """Take the turn after those who want it urgently; but nobody waits for them for ever."""
    clock = asyncio.get_running_loop().time
    began = clock()
    while await blobs.leased(_WANTED):
        if clock() >= began + patience / 2:
            break
        await asyncio.sleep(_POLL)
    # Who is urgent looks as often: else one after the other would be quicker.
    return await _take(blobs, _DECIDE, began + patience - clock(), _URGENT_POLL)


async def _take(
    blobs: Blobs, name: str, patience: float = 0.0, pause: float = _POLL
) -> tuple[BlobLeaseClient, float]:
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
        await asyncio.sleep(pause)


async def _renew(lease: BlobLeaseClient, deadline: asyncio.Timeout) -> None:
    while True:
        await asyncio.sleep(_RENEWAL)
        asked = asyncio.get_running_loop().time()
        with suppress(SeatflowError), storage_errors(BLOB_ROLE):
            await lease.renew()
            deadline.reschedule(asked + LEASE - _MARGIN)
