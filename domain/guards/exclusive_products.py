"""Grant no bundle whose service plans exclude those of another bundle the person keeps."""

from collections.abc import Iterator
from functools import lru_cache

from domain.bundle import Bundle
from domain.change import Action
from domain.decision.draft import Draft, Scene
from domain.decision.known import Known
from domain.inventory.people import no_rows
from domain.inventory.product import Product
from domain.inventory.service_plans import clashes
from domain.inventory.snapshot import Snapshot
from domain.tenant_policy import TenantPolicy


def spare(draft: Draft, scene: Scene) -> Iterator[tuple[str, Action, str]]:
    """Name each person who would get two bundles that exclude each other, with the plans."""
    if not draft.claims:
        return
    for id, known in scene.known.items():
        if id == draft.bundle.id or id in scene.relations.worse(draft.bundle.id):
            continue
        clash = clashing(draft.bundle, known.bundle, scene.snapshot, scene.terms.tenant)
        if clash:
            reason = f"{clash[0][0]} excludes {clash[0][1]} of {known.bundle.name}, which stays"
            other = scene.drafts.get(id)
            keepers = _keepers(draft, other, scene) if other else _members(draft, known, scene)
            for person in keepers:
                yield person, Action.GRANT, reason


def clashing(
    first: Bundle, second: Bundle, snapshot: Snapshot, tenant: TenantPolicy
) -> tuple[tuple[str, str], ...]:
    """Return the pairs of service plans of two bundles that no one can hold together."""
    return _clashes(_plans(first, snapshot), _plans(second, snapshot), tenant.exclusive_plans)


def _keepers(draft: Draft, other: Draft, scene: Scene) -> Iterator[str]:
    """Yield those who claim one bundle and keep, or are to get, the other."""
    goes = other.revokes if scene.counts(other.bundle.id, draft.bundle.id) else {}
    for person, claim in draft.claims.items():
        holds = other.difference.taken[claim.row] and person not in goes
        if holds or (
            person in other.claims
            and _place(other, person) < _place(draft, person)
            and not scene.is_dry(other.bundle.id)
        ):
            yield person


def _place(draft: Draft, person: str) -> tuple[bool, str]:
    """Of two claims the first by id wins, unless it waits for a seat: better one than none."""
    return person in draft.known.waiting, draft.bundle.id


def _members(draft: Draft, known: Known, scene: Scene) -> Iterator[str]:
    """Yield those who claim one bundle and are in the target of one that cannot be compared."""
    memberships, people = scene.snapshot.memberships, scene.snapshot.people
    inside = people.mask(memberships.people.get(known.bundle.target.group, no_rows()))
    inside[people.rows(known.gaining())] = True
    return (person for person, claim in draft.claims.items() if inside[claim.row])


def _plans(bundle: Bundle, snapshot: Snapshot) -> frozenset[str]:
    return frozenset(
        name
        for assignment in bundle.products
        for id, name in _of(snapshot.products.get(assignment.sku)).items()
        if id not in assignment.disabled_plans
    )


def _of(product: Product | None) -> dict[str, str]:
    return dict(product.plans) if product else {}


@lru_cache(maxsize=4096)
def _clashes(
    first: frozenset[str], second: frozenset[str], also: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    return tuple(clashes(first, second, also))
