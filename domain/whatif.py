"""What a candidate policy changes: two outlooks on the same snapshot, compared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.bundle import Bundle
from domain.change import Action
from domain.difference import Difference
from domain.effect import BundleEffect, Effect, ProductEffect
from domain.people import no_rows
from domain.plan import Plan
from domain.snapshot import Snapshot
from domain.tenant_policy import TenantPolicy

EXAMPLES = 20
"""So many changes and waits of each bundle are shown."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one policy would do now; each by bundle."""

    bundles: Mapping[str, Bundle]
    differences: Mapping[str, Difference]
    plans: Mapping[str, Plan]
    blocked: Mapping[str, str]
    """Why some bundles cannot be compared."""


def concerned(changed: Iterable[str], versions: Sequence[Bundle]) -> set[str]:
    """Return the bundles that a change of these can touch: through seats, or through relations."""
    found = set(changed)
    while True:
        skus = {sku for one in versions if one.id in found for sku in one.skus()}
        named = {n for one in versions if one.id in found for n in (*one.supersedes, *one.requires)}
        more = {
            one.id
            for one in versions
            if skus.intersection(one.skus())
            or one.id in named
            or found.intersection((*one.supersedes, *one.requires))
        }
        if more <= found:
            return found
        found |= more


def effect_of(
    before: Outlook,
    after: Outlook,
    snapshot: Snapshot,
    tenant: TenantPolicy,
    missing: Sequence[str],
) -> Effect:
    """Compare what the stored policy would do with what the candidate would."""
    skus = {sku for one in after.bundles.values() for sku in one.skus()}
    return Effect(
        snapshot=snapshot.taken_at.isoformat(),
        bundles=tuple(_bundle(id, before, after) for id in sorted(after.bundles)),
        products=tuple(
            _product(sku, before, after, snapshot, tenant)
            for sku in sorted(skus & snapshot.products.keys())
        ),
        missing=tuple(missing),
    )


def _bundle(id: str, before: Outlook, after: Outlook) -> BundleEffect:
    was, bundle = before.bundles.get(id), after.bundles[id]
    status = "new" if was is None else "unchanged" if was == bundle else "changed"
    if id in after.blocked:
        return _blocked(bundle, status, after.blocked[id])
    plan, now = after.plans[id], after.differences[id].entitled.mask
    then = np.zeros_like(now)
    if id in before.differences:
        then = before.differences[id].entitled.mask
    return BundleEffect(
        bundle=id,
        name=bundle.name,
        status=status,
        entitled_before=int(then.sum()),
        entitled=int(now.sum()),
        gains=int((now & ~then).sum()),
        losses=int((then & ~now).sum()),
        holders=plan.holders,
        grants=plan.grants,
        revokes=plan.revokes,
        waiting=len(plan.waiting),
        leaving=len(plan.leaving),
        kept=plan.kept,
        held=plan.held,
        changes=plan.changes[:EXAMPLES],
        waits=plan.waiting[:EXAMPLES],
        spared=plan.spared[:EXAMPLES],
    )


def _blocked(bundle: Bundle, status: str, reason: str) -> BundleEffect:
    return BundleEffect(
        bundle.id, bundle.name, status, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (reason,), (), (), ()
    )


def _product(
    sku: str, before: Outlook, after: Outlook, snapshot: Snapshot, tenant: TenantPolicy
) -> ProductEffect:
    product = snapshot.products[sku]
    price = next((one for one in tenant.prices if one.product == sku), None)
    was, will = _used(sku, before, snapshot), _used(sku, after, snapshot)
    return ProductEffect(
        product=sku,
        part_number=product.part_number,
        seats=product.seats,
        consumed=product.consumed,
        after_before=was,
        after=will,
        monthly=price.monthly if price else None,
        monthly_effect=round(price.monthly * (will - was), 2) if price else None,
        currency=price.currency if price else "",
    )


def _used(sku: str, outlook: Outlook, snapshot: Snapshot) -> int:
    """Count the seats in use once every plan is carried out.

    People who hold the product by no bundle keep it; someone revoked is taken to have no other
    route to it but another bundle.
    """
    people = snapshot.people
    holding = people.mask(people.holding.get(sku, no_rows()))
    unseen = max(0, snapshot.products[sku].consumed - int(holding.sum()))
    elsewhere, used = holding.copy(), np.zeros_like(holding)
    for id, difference in outlook.differences.items():
        if sku not in outlook.bundles[id].skus():
            continue
        elsewhere[difference.holders] = False
        after = difference.taken.copy()
        for change in outlook.plans[id].changes:
            after[people.rows((change.person,))] = change.action is Action.GRANT
        used |= after
    return int((elsewhere | used).sum()) + unseen
