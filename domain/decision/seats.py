"""Seats: allotted once over all bundles, pools and products, so that none is promised twice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from domain.bundle import Bundle
from domain.decision.difference import Difference
from domain.inventory.people import Mask, Rows, no_rows
from domain.inventory.snapshot import Snapshot
from domain.tenant_policy import Pool, TenantPolicy

type Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """A person who would join a bundle."""

    rank: int
    """Place of the first priority rule she meets."""
    since: str
    """When she first waited, or now."""
    person: str
    bundle: str
    row: int
    skus: tuple[str, ...]
    yields_to: frozenset[str] = frozenset()
    """Better bundles the same person claims: this claim stands only if she gets none of them."""
    inside: bool = False
    """She is in the target already, and Entra may give her the license any time."""
    back: bool = False
    """She is in the target, and is to stay though her revoke is on its way."""
    dry: bool = False
    """Of a dry run: it takes only what the others leave."""

    @property
    def place(self) -> Place:
        """What the claim is known by: its bundle and its person."""
        return self.bundle, self.person

    def order(self) -> tuple[bool, bool, int, str, str, str]:
        """Return the place in the queue: by priority, then by the time first waited.

        Nobody can pass those who are inside, and a dry run's claim comes after all others.
        """
        return self.dry, not self.inside, self.rank, self.since, self.person, self.bundle


@dataclass(frozen=True, slots=True)
class Allotment:
    """What became of the claims, each named by (bundle, person)."""

    short: Mapping[Place, str]
    """Those who must wait, and why."""
    yielded: Mapping[Place, str]
    """Those whose person gets a better bundle: that bundle."""


@dataclass(slots=True)
class _Pool:
    pool: Pool
    inside: Mask
    free: int


@dataclass(slots=True)
class _Room:
    """The seats of one product."""

    name: str
    seats: int
    free: int
    taken: Mask
    licensed: Mask
    pools: dict[str, _Pool] = field(default_factory=dict)
    """By bundle."""

    def needs(self, claim: Claim) -> bool:
        """Tell whether it takes another seat to serve a claim.

        Where more are taken than there are, not everyone has one who is counted so: she may be a
        member of another target to whom Entra gave no license. Whoever is back keeps hers.
        """
        if self.free >= 0 or claim.back:
            return not self.taken[claim.row]
        return not self.licensed[claim.row]

    def shared(self) -> int:
        """Return the seats free outside the pools."""
        if not self.pools:
            return self.free
        pools = {id(each): each for each in self.pools.values()}
        return self.free - sum(max(0, each.free) for each in pools.values())


def allot(
    claims: Iterable[Claim],
    differences: Sequence[Difference],
    reserved: Mapping[str, int],
    absent: Sequence[tuple[Bundle, Rows]],
    snapshot: Snapshot,
    tenant: TenantPolicy,
) -> Allotment:
    """Serve the claims in order, and say which must wait.

    A person who already holds a product by any route takes no further seat of it. A seat that a
    revoke will free is still taken: it is promised only once it is seen free.

    Args:
        reserved: skuId -> seats on their way to people this snapshot does not show.
        absent: members of the bundles that could not be compared; they keep their seats.
    """
    queue = sorted(claims, key=Claim.order)
    lesser = [claim for claim in queue if claim.yields_to]
    if not lesser:
        rooms = _rooms(queue, differences, reserved, absent, snapshot, tenant)
        return Allotment(_serve(queue, rooms), {})
    short: dict[Place, str] = {}
    while True:
        hoped = {claim.place for claim in queue} - short.keys()
        yielding = {claim.place for claim in lesser if _better(claim, hoped)}
        standing = hoped - yielding
        first = [claim for claim in queue if claim.place in standing]
        short |= _serve(first, _rooms(queue, differences, reserved, absent, snapshot, tenant))
        seated = {claim.place for claim in first} - short.keys()
        yielded = {each.place: min(better) for each in lesser if (better := _better(each, seated))}
        if yielded.keys() == yielding:
            return Allotment(short, yielded)
        # Whoever got no seat in a better bundle takes her own place in the queue of a lesser one,
        # and that may be before others; so the queue is served anew.


def _better(claim: Claim, places: Collection[Place]) -> list[str]:
    """Return the better bundles among these places of the same person."""
    return [bundle for bundle in claim.yields_to if (bundle, claim.person) in places]


def _serve(queue: Iterable[Claim], rooms: Mapping[str, _Room]) -> dict[Place, str]:
    """Seat the claims in order; return those that got none, and why."""
    answers = ((claim.place, _seat(claim, rooms)) for claim in queue)
    return {place: wanting for place, wanting in answers if wanting is not None}


def _rooms(
    claims: Iterable[Claim],
    differences: Sequence[Difference],
    reserved: Mapping[str, int],
    absent: Sequence[tuple[Bundle, Rows]],
    snapshot: Snapshot,
    tenant: TenantPolicy,
) -> dict[str, _Room]:
    rooms = {
        sku: _room(sku, differences, reserved.get(sku, 0), absent, snapshot)
        for sku in {sku for claim in claims for sku in claim.skus} & snapshot.products.keys()
    }
    for pool in tenant.pools:
        if pool.product in rooms:
            _set_aside(pool, rooms[pool.product], differences, absent)
    return rooms


def _room(
    sku: str,
    differences: Sequence[Difference],
    reserved: int,
    absent: Sequence[tuple[Bundle, Rows]],
    snapshot: Snapshot,
) -> _Room:
    product = snapshot.products[sku]
    people = snapshot.people
    licensed = people.mask(people.holding.get(sku, no_rows()))
    taken = licensed.copy()
    unseen = max(0, product.consumed - int(taken.sum()))
    for difference in differences:
        if sku in difference.bundle.skus():
            taken |= difference.taken
    for bundle, rows in absent:
        if sku in bundle.skus():
            taken[rows] = True
    free = product.seats - unseen - int(taken.sum()) - reserved
    return _Room(product.part_number, product.seats, free, taken, licensed)


def _set_aside(
    pool: Pool,
    room: _Room,
    differences: Sequence[Difference],
    absent: Sequence[tuple[Bundle, Rows]],
) -> None:
    inside = np.zeros_like(room.taken)
    for difference in differences:
        if _takes_from(pool, difference.bundle):
            inside |= difference.taken
    for bundle, rows in absent:
        if _takes_from(pool, bundle):
            inside[rows] = True
    aside = _Pool(pool, inside, pool.seats - int(inside.sum()))
    room.pools |= dict.fromkeys(pool.bundles, aside)


def _takes_from(pool: Pool, bundle: Bundle) -> bool:
    return bundle.id in pool.bundles and pool.product in bundle.skus()


def _seat(claim: Claim, rooms: Mapping[str, _Room]) -> str | None:
    """Take a seat in each product of the claim, or in none and return what is short."""
    for sku in claim.skus:
        room = rooms.get(sku)
        if room is None:
            return f"The tenant has no subscription for product {sku}."
        wanting = _short(claim, room)
        if wanting is not None:
            return wanting
    for sku in claim.skus:
        _take(claim, rooms[sku])
    return None


def _short(claim: Claim, room: _Room) -> str | None:
    pool = room.pools.get(claim.bundle)
    needed = room.needs(claim)
    if pool and (pool.inside[claim.row] or pool.free > 0):
        if needed and room.free <= 0:
            return _full(room)
        return None
    if pool and not pool.pool.overflow:
        seats = pool.pool.seats
        return f"No seat is free in pool {pool.pool.name} of {room.name}: all {seats} are taken."
    if needed and room.shared() <= 0:
        if room.free > 0:
            return f"No seat is free in {room.name} outside its pools."
        return _full(room)
    return None


def _full(room: _Room) -> str:
    return f"No seat is free in {room.name}: all {room.seats} are taken or promised."


def _take(claim: Claim, room: _Room) -> None:
    pool = room.pools.get(claim.bundle)
    if pool and not pool.inside[claim.row] and pool.free > 0:
        pool.inside[claim.row] = True
        pool.free -= 1
    if not room.taken[claim.row]:
        room.taken[claim.row] = True
        room.free -= 1
