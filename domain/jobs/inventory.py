"""Inventory: read what changed in the tenant and make the next snapshot of it."""

from collections.abc import Iterable

from domain.attributes import on_demand
from domain.bundle import Bundle
from domain.errors import Resync
from domain.ports import Ports, Tokens
from domain.snapshot import Snapshot


async def take_inventory(ports: Ports) -> Snapshot:
    """Read people, groups, memberships and products; swap the snapshot in when all is complete.

    A dead change token leads to one full read. A read that fails leaves the last snapshot as it is.

    Raises:
        Later: Graph or the storage cannot answer now.
        Forbidden: a permission is missing.
    """
    try:
        return await _read(ports, anew=False)
    except Resync as dead:
        ports.log.note("inventory.resync", reason=str(dead))
        return await _read(ports, anew=True)


def wanted(bundles: Iterable[Bundle]) -> frozenset[str]:
    """Return the attributes that are read beside the usual ones because a rule names them."""
    return on_demand(name for bundle in bundles for name in bundle.attributes())


async def _read(ports: Ports, *, anew: bool) -> Snapshot:
    taken_at = ports.clock.now()
    also = wanted(stored.bundle for stored in await ports.bundles.all())
    draft, tokens = await ports.warehouse.begin(anew, also)
    products = await ports.directory.products()

    people_token = tokens.people
    async for people in ports.directory.people(tokens.people, draft.also):
        draft.add_people(people)
        people_token = people.token or people_token

    groups_token = tokens.groups
    async for groups in ports.directory.groups(tokens.groups):
        draft.add_groups(groups)
        groups_token = groups.token or groups_token

    snapshot = await draft.keep(taken_at, products, Tokens(people_token, groups_token))
    ports.log.note("inventory.done", people=len(snapshot.people), groups=len(snapshot.groups))
    return snapshot
