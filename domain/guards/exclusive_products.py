"""Grant no bundle whose service plans exclude those of another bundle the person keeps."""

from collections.abc import Iterator
from functools import lru_cache

from domain.bundle import Bundle
from domain.change import Action
from domain.draft import Draft, Scene
from domain.product import Product
from domain.service_plans import clashes


def spare(draft: Draft, scene: Scene) -> Iterator[tuple[str, Action, str]]:
    """Name each person who would get two bundles that exclude each other, with the plans."""
    if not draft.claims:
        return
    mine = _plans(draft.bundle, scene)
    for other in scene.drafts.values():
        if other is draft or other.bundle.id in scene.relations.worse(draft.bundle.id):
            continue
        clash = _clashes(mine, _plans(other.bundle, scene), scene.terms.tenant.exclusive_plans)
        if clash:
            reason = f"{clash[0][0]} excludes {clash[0][1]} of {other.bundle.name}, which stays"
            for person in _keepers(draft, other, scene):
                yield person, Action.GRANT, reason


def _keepers(draft: Draft, other: Draft, scene: Scene) -> Iterator[str]:
    """Yield those who claim one bundle and hold the other; of two claims, the first by id wins."""
    second = other.bundle.id < draft.bundle.id
    for person, claim in draft.claims.items():
        holds = other.difference.taken[claim.row] and person not in other.revokes
        if holds or (second and person in other.claims and not scene.is_dry(other.bundle.id)):
            yield person


def _plans(bundle: Bundle, scene: Scene) -> frozenset[str]:
    return frozenset(
        name
        for assignment in bundle.products
        for id, name in _of(scene.snapshot.products.get(assignment.sku)).items()
        if id not in assignment.disabled_plans
    )


def _of(product: Product | None) -> dict[str, str]:
    return dict(product.plans) if product else {}


@lru_cache(maxsize=4096)
def _clashes(
    first: frozenset[str], second: frozenset[str], also: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    return tuple(clashes(first, second, also))
