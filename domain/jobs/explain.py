"""Explain: what a person holds, waits for and is denied, and why."""

from dataclasses import dataclass

from domain.bundle import Bundle
from domain.entitlement import entitle
from domain.errors import Held, Never
from domain.known import Known
from domain.ledger import Row, Wait
from domain.ports import Ports
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
    """One person, as of the latest inventory."""

    id: str
    inventoried_at: str
    products: tuple[str, ...]
    """Part numbers of the products held by any route."""
    bundles: tuple[Standing, ...]


async def explain(ports: Ports, person: str) -> Explanation:
    """Gather everything known about one person.

    Raises:
        Never: the person is not in the inventory.
        Held: there is no inventory yet.
    """
    snapshot = await ports.warehouse.latest()
    if snapshot is None:
        raise Held("There is no inventory yet. Start one with POST /api/v1/runs.")
    rows = snapshot.people.rows([person])
    if not len(rows):
        raise Never(f"No person {person} is in the inventory of {snapshot.taken_at:%F %T} UTC.")
    row = int(rows[0])
    stored = await ports.bundles.all()
    standings = [await _standing(ports, one.bundle, snapshot, person, row) for one in stored]
    return Explanation(
        id=person,
        inventoried_at=snapshot.taken_at.isoformat(),
        products=tuple(sorted(_products(snapshot, row))),
        bundles=tuple(standings),
    )


def _products(snapshot: Snapshot, row: int) -> list[str]:
    held = snapshot.people.person(row).products
    return [snapshot.products[sku].part_number if sku in snapshot.products else sku for sku in held]


async def _standing(
    ports: Ports, bundle: Bundle, snapshot: Snapshot, person: str, row: int
) -> Standing:
    standing = await ports.ledger.standing(bundle.id)
    rows = await ports.ledger.rows(bundle.id, [person])
    known = Known(bundle, standing.head, standing.pages, rows=rows)
    wait: Wait | None = (await ports.ledger.waiting(bundle.id)).get(person)
    entitled, why = _entitled(bundle, snapshot, row)
    target = snapshot.memberships.people.get(bundle.target.group)
    return Standing(
        bundle=bundle.id,
        name=bundle.name,
        holds=target is not None and row in target,
        entitled=entitled,
        why=why,
        waiting_since=wait.since if wait else None,
        waiting_for=wait.reason if wait else None,
        last_decision=known.row(person),
    )


def _entitled(bundle: Bundle, snapshot: Snapshot, row: int) -> tuple[bool, str]:
    try:
        entitled = entitle(bundle, snapshot)
    except Held as unknown:
        return False, str(unknown)
    return bool(entitled.mask[row]), entitled.why(row)
