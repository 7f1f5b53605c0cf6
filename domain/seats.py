"""Seats: allotted once over all bundles and products together, so that none is promised twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.difference import Difference
from domain.people import Mask
from domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A person who would join a bundle; claims are served in order of the time first waited."""

    since: str
    person: str
    bundle: str
    row: int
    skus: tuple[str, ...]


@dataclass(slots=True)
class _Room:
    free: int
    seats: int
    taken: Mask


def allot(
    claims: Iterable[Claim],
    differences: Sequence[Difference],
    reserved: Mapping[str, int],
    snapshot: Snapshot,
) -> dict[tuple[str, str], str]:
    """Serve the claims in order; return those that must wait, as (bundle, person) -> reason.

    A person who already holds a product by any route takes no further seat of it. A seat that a
    revoke will free is still taken: it is promised only once it is seen free.

    Args:
        reserved: skuId -> seats on their way to people this snapshot does not show.
    """
    rooms = {sku: _room(sku, differences, reserved, snapshot) for sku in snapshot.products}
    waiting = {}
    for claim in sorted(claims):
        short = _seat(claim, rooms, snapshot)
        if short is not None:
            waiting[claim.bundle, claim.person] = short
    return waiting


def _room(
    sku: str, differences: Sequence[Difference], reserved: Mapping[str, int], snapshot: Snapshot
) -> _Room:
    product = snapshot.products[sku]
    people = snapshot.people
    taken = np.zeros(len(people), np.bool_)
    seen = people.holding.get(sku)
    if seen is not None:
        taken[seen] = True
    unseen = max(0, product.consumed - int(taken.sum()))
    for difference in differences:
        if sku in difference.bundle.skus():
            taken |= difference.taken
    free = product.seats - unseen - int(taken.sum()) - reserved.get(sku, 0)
    return _Room(free, product.seats, taken)


def _seat(claim: Claim, rooms: Mapping[str, _Room], snapshot: Snapshot) -> str | None:
    """Take a seat in each product of the claim, or in none and return what is short."""
    needed = []
    for sku in claim.skus:
        room = rooms.get(sku)
        if room is None:
            return f"The tenant has no subscription for product {sku}."
        if not room.taken[claim.row]:
            if room.free <= 0:
                name = snapshot.products[sku].part_number
                return f"No seat is free in {name}: all {room.seats} are taken or promised."
            needed.append(room)
    for room in needed:
        room.free -= 1
        room.taken[claim.row] = True
    return None
