"""Inventory: read what changed in the tenant and make the next snapshot of it."""

from domain.errors import Resync
from domain.jobs.both import both
from domain.jobs.trust import measure
from domain.jobs.wanted import tenant_of, wanted, without_unknown
from domain.notification import GROUPS, USERS
from domain.ports import Draft, Ports, Tokens
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

    people, groups = await both(
        _read_people(ports, draft, tokens.people, found[USERS]),
        _read_groups(ports, draft, tokens.groups, found[GROUPS]),
    )
    snapshot = await draft.keep(taken_at, products, Tokens(people, groups))
    ports.log.note("inventory.done", people=len(snapshot.people), groups=len(snapshot.groups))
    await measure(ports, taken_at, found if tokens.people and tokens.groups else None)
    return snapshot


async def _read_people(
    ports: Ports, draft: Draft, token: str | None, found: set[str]
) -> str | None:
    """Read a round of people into the draft; return where the next one begins.

    Args:
        ports: the world.
        draft: what they are read into.
        token: where the round begins; None for everyone.
        found: takes in who changed since the token.
    """
    end = token
    async for page in ports.directory.people(token, draft.also):
        await draft.add_people(page)
        if token:
            found.update(page.gone, page.ids)
        end = page.token or end
    return end


async def _read_groups(
    ports: Ports, draft: Draft, token: str | None, found: set[str]
) -> str | None:
    """Read a round of groups likewise."""
    end = token
    async for page in ports.directory.groups(token):
        await draft.add_groups(page)
        if token:
            found.update(page.gone, (each.group.id for each in page.groups))
        end = page.token or end
    return end
