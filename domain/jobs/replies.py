"""Automatic replies for the rules that name them; where they are unknown, those rules are held."""

from collections.abc import Iterable
from dataclasses import replace

from domain.bundle import Bundle
from domain.inventory.replies import GOOD_FOR, replies_read, with_replies
from domain.inventory.snapshot import Snapshot
from domain.kinds.out_of_office import KIND, OutOfOffice
from domain.ports import Ports
from domain.tenant_policy import TenantPolicy


async def lay_replies(
    ports: Ports, bundles: Iterable[Bundle], tenant: TenantPolicy, snapshot: Snapshot
) -> Snapshot:
    """Return the snapshot with automatic replies, where a rule names them and they are known.

    They are not where they are switched off, or were not read completely within two days.

    Raises:
        Later: the storage cannot be reached.
    """
    if KIND.name not in ports.kinds or not replies_read(bundles, tenant):
        return snapshot
    load = (await ports.shelves.stand([KIND]))[KIND.name].load
    if load is None or ports.clock.now() - load.taken_at > GOOD_FOR:
        return snapshot
    rows = [OutOfOffice._make(row) async for part in ports.shelves.rows(KIND) for row in part]
    return replace(snapshot, people=with_replies(snapshot.people, rows))
