"""Inventory: read what changed in the tenant and make the next snapshot of it."""

from domain.errors import Resync
from domain.jobs.trust import measure
from domain.jobs.wanted import tenant_of, wanted, without_unknown
from domain.notification import GROUPS, USERS
from domain.ports import Ports, Tokens
from domain.snapshot import Snapshot


async def take_inventory(ports: Ports) -> Snapshot:
    """Read people, groups, memberships and products; swap the snapshot in when all is complete.

    A dead change token leads to one full read. A read that fails leaves the last snapshot as it is.

    Raises:
        Later: Graph or the storage cannot answer now.
        Forbidden: a permission is missing.
    """

    async def read(also: frozenset[str]) -> Snapshot:
        try:
            return await _read(ports, also, anew=False)
        except Resync as dead:
            ports.log.note("inventory.resync", reason=str(dead))
            return await _read(ports, also, anew=True)

    bundles = [stored.bundle for stored in await ports.bundles.all()]
    also = wanted(bundles, await tenant_of(ports))
    return await without_unknown(ports, also, read)


async def _read(ports: Ports, also: frozenset[str], *, anew: bool) -> Snapshot:
    taken_at = ports.clock.now()
    draft, tokens = await ports.warehouse.begin(anew, also)
    found: dict[str, set[str]] = {USERS: set(), GROUPS: set()}
    products = await ports.directory.products()

    people_token = tokens.people
    async for people in ports.directory.people(tokens.people, draft.also):
        draft.add_people(people)
        if tokens.people:
            found[USERS].update(people.gone, (each.id for each in people.people))
        people_token = people.token or people_token

    groups_token = tokens.groups
    async for groups in ports.directory.groups(tokens.groups):
        draft.add_groups(groups)
        if tokens.groups:
            found[GROUPS].update(groups.gone, (each.group.id for each in groups.groups))
        groups_token = groups.token or groups_token

    snapshot = await draft.keep(taken_at, products, Tokens(people_token, groups_token))
    ports.log.note("inventory.done", people=len(snapshot.people), groups=len(snapshot.groups))
    await measure(ports, taken_at, found if tokens.people and tokens.groups else None)
    return snapshot
