"""Inventory: read what changed in the tenant and make the next snapshot of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from domain.attributes import is_custom
from domain.errors import Conflict, Forbidden, Later, Never, Resync, SeatflowError
from domain.jobs.gather import every_bundle
from domain.jobs.observe import told_whole
from domain.jobs.rounds import Rounds, TimeIsUp
from domain.jobs.trust import measure
from domain.jobs.wanted import tenant_of, wanted, without_unknown
from domain.jobs.work import work
from domain.ports import KeptSnapshot, Ports
from domain.ports.shelves import Failure
from domain.telemetry.work import Work


@work(Work.INVENTORY)
async def take_inventory(
    ports: Ports, until: datetime | None = None, patience: float = 0.0
) -> KeptSnapshot | None:
    """Read people, groups, memberships and products; swap the snapshot in when all is complete.

    A dead change token leads to one full read. A read that fails, or whose time is up, leaves the
    last snapshot as it is, and what a long one had read by then is where the next run goes on.

    Args:
        ports: the world.
        until: when to stop, and leave the rest to the next run.
        patience: seconds to wait while another process takes an inventory.

    Returns:
        The snapshot; None where the time was up before it was complete.

    Raises:
        Busy: another process takes an inventory.
        Later: Graph or the storage cannot answer now.
        Forbidden: a permission is missing.
    """

    async def read(also: frozenset[str]) -> KeptSnapshot | None:
        try:
            return await _read(ports, also, until, anew=False)
        except Resync as dead:
            ports.log.note("inventory.resync", reason=str(dead))
            return await _read(ports, also, until, anew=True)

    async with ports.warehouse.inventorying(patience), _noting(ports):
        bundles = await every_bundle(ports)
        also = wanted(bundles, await tenant_of(ports))
        return await told_whole(ports, without_unknown(ports, also, read))


@asynccontextmanager
async def _noting(ports: Ports) -> AsyncIterator[None]:
    """Keep why what is done inside fails, for whoever asks how everything stands."""
    try:
        yield
    except Conflict:  # another run was quicker, and did not fail
        raise
    except SeatflowError as error:
        with suppress(SeatflowError):  # the storage may be what failed
            await ports.warehouse.note(Failure(ports.clock.now(), str(error)))
        raise


async def _read(
    ports: Ports, also: frozenset[str], until: datetime | None, *, anew: bool
) -> KeptSnapshot | None:
    began = ports.clock.now()
    draft, tokens = await ports.warehouse.begin(anew, also)
    products = await ports.directory.products()
    rounds = Rounds(ports, draft, tokens, began, until)
    try:
        await rounds.read()
    except Resync:
        await draft.forget()
        raise
    except TimeIsUp:
        await rounds.pause(worth=1)
        ports.log.note("inventory.unfinished", pages=rounds.reading.pages)
        return None
    except Later:
        await rounds.pause()
        raise
    except Forbidden:
        raise
    except Never as refused:
        if not any(map(is_custom, draft.also - also)):
            raise
        # The last inventory has more than is asked for, and that may be what is refused.
        await draft.forget()
        raise Resync(str(refused)) from refused
    taken_at = rounds.reading.taken_at
    kept = await draft.keep(taken_at, products, rounds.reading.ends)
    ports.log.note("inventory.done", people=kept.counts["people"], groups=kept.counts["groups"])
    await measure(ports, taken_at, rounds.found())
    return kept
