"""Inventory: read what changed in the tenant and make the next snapshot of it."""

from datetime import datetime

from domain.errors import Later, Resync
from domain.inventory.snapshot import Snapshot
from domain.jobs.both import both
from domain.jobs.rounds import Rounds
from domain.jobs.trust import measure
from domain.jobs.wanted import tenant_of, wanted, without_unknown
from domain.jobs.work import work
from domain.ports import Ports
from domain.telemetry.work import Work


@work(Work.INVENTORY)
async def take_inventory(
    ports: Ports, until: datetime | None = None, patience: float = 0.0
) -> Snapshot:
    """Read people, groups, memberships and products; swap the snapshot in when all is complete.

    A dead change token leads to one full read. A read that fails leaves the last snapshot as it
    is, and what a long one had read by then is where the next run goes on.

    Args:
        ports: the world.
        until: when to stop, and leave the rest to the next run.
        patience: seconds to wait while another process takes an inventory.

    Raises:
        Busy: another process takes an inventory.
        Later: Graph or the storage cannot answer now, or the time is up.
        Forbidden: a permission is missing.
    """

    async def read(also: frozenset[str]) -> Snapshot:
        try:
            return await _read(ports, also, until, anew=False)
        except Resync as dead:
            ports.log.note("inventory.resync", reason=str(dead))
            return await _read(ports, also, until, anew=True)

    async with ports.warehouse.inventorying(patience):
        bundles = [stored.bundle for stored in await ports.bundles.all()]
        also = wanted(bundles, await tenant_of(ports))
        return await without_unknown(ports, also, read)


async def _read(
    ports: Ports, also: frozenset[str], until: datetime | None, *, anew: bool
) -> Snapshot:
    began = ports.clock.now()
    draft, tokens = await ports.warehouse.begin(anew, also)
    products = await ports.directory.products()
    rounds = Rounds(ports, draft, tokens, began, until)
    try:
        await both(rounds.read_people(), rounds.read_groups())
    except Resync:
        await draft.forget()
        raise
    except Later:
        await rounds.pause()
        raise
    taken_at = rounds.reading.taken_at
    snapshot = await draft.keep(taken_at, products, rounds.reading.ends)
    ports.log.note("inventory.done", people=len(snapshot.people), groups=len(snapshot.groups))
    await measure(ports, taken_at, rounds.found())
    return snapshot
