"""Explain: what a person holds, waits for and is denied, and why."""

from dataclasses import dataclass

from domain.bundle import Bundle
from domain.closeup import close_up
from domain.entitlement import entitle
from domain.errors import Held
from domain.known import Known
from domain.ledger import Row
from domain.ports import CloseUp, Ports
from domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands with one bundle."""

    bundle: str
    name: str
    holds: bool
    entitled: bool
    why: str
    """Which part of the policy says so."""
    waiting_since: str | None
    waiting_for: str | None
    last_decision: Row | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One person, read afresh."""

    id: str
    read_at: str
    products: tuple[str, ...]
    """Part numbers of the products held by any route."""
    bundles: tuple[Standing, ...]


async def explain(ports: Ports, person: str) -> Explanation | None:
    """Gather everything known about one person; None when there is no such person.

    Raises:
        Later: Graph or the storage cannot answer now.
    """
    began = ports.clock.now()
    view = (await ports.directory.close_up([person]))[person]
    if view is None:
        return None
    bundles = [stored.bundle for stored in await ports.bundles.all()]
    groups = await ports.directory.find_groups({g for b in bundles for g in b.groups()})
    snapshot = close_up([view], groups, await ports.directory.products(), began)
    return Explanation(
        id=person,
        read_at=began.isoformat(),
        products=tuple(sorted(_part_number(sku, snapshot) for sku in view.person.products)),
        bundles=tuple([await _standing(ports, bundle, snapshot, view) for bundle in bundles]),
    )


def _part_number(sku: str, snapshot: Snapshot) -> str:
    product = snapshot.products.get(sku)
    return product.part_number if product else sku


async def _standing(ports: Ports, bundle: Bundle, snapshot: Snapshot, view: CloseUp) -> Standing:
    person = view.person.id
    standing = await ports.ledger.standing(bundle.id)
    rows = await ports.ledger.rows(bundle.id, [person])
    known = Known(bundle, standing.head, standing.pages, rows=rows)
    wait = (await ports.ledger.waiting(bundle.id)).get(person)
    entitled, why = _entitled(bundle, snapshot)
    return Standing(
        bundle=bundle.id,
        name=bundle.name,
        holds=bundle.target.group in view.direct,
        entitled=entitled,
        why=why,
        waiting_since=wait.since if wait else None,
        waiting_for=wait.reason if wait else None,
        last_decision=known.row(person),
    )


def _entitled(bundle: Bundle, snapshot: Snapshot) -> tuple[bool, str]:
    try:
        entitled = entitle(bundle, snapshot)
    except Held as unknown:
        return False, str(unknown)
    return bool(entitled.mask[0]), entitled.why(0)
