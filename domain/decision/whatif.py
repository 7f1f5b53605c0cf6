"""What a candidate policy changes: two outlooks on the same snapshot, compared."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.decision.difference import Difference
from domain.decision.effect import BundleEffect, Effect, ProductEffect
from domain.decision.known import Known
from domain.errors import Held
from domain.inventory.people import Mask, People, no_rows
from domain.inventory.persons import Persons
from domain.inventory.reading import as_read_by
from domain.inventory.snapshot import Snapshot
from domain.plan import Plan
from domain.rule import View
from domain.tenant_policy import TenantPolicy

EXAMPLES = 50
"""So many revokes, grants and waits of each bundle are shown."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one policy would do now; each by bundle."""

    bundles: Mapping[str, Bundle]
    differences: Mapping[str, Difference]
    plans: Mapping[str, Plan]
    """What the next compile would decide."""
    blocked: Mapping[str, str]
    """Why some bundles cannot be compared."""
    settled: Snapshot
    """The tenant once everything has been carried out, step after step, held plans included."""

    def seats(self, sku: str) -> int:
        """Count the seats of a product in use in the end."""
        return self.settled.products[sku].consumed

    def holders(self, bundle: Bundle) -> int:
        """Count the members of a bundle's target in the end."""
        return len(self.settled.memberships.people.get(bundle.target.group, ()))


def concerned(
    changed: Iterable[str], versions: Sequence[Bundle], excludes: Callable[[Bundle, Bundle], bool]
) -> set[str]:
    """Return the bundles that a change of these can touch: by seats, relations or exclusion.

    Args:
        excludes: tells whether no one can hold two bundles together.
    """
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
            or any(other.id in found and excludes(one, other) for other in versions)
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
    now: datetime,
) -> Effect:
    """Compare what the stored policy would do with what the candidate would."""
    skus = {sku for one in after.bundles.values() for sku in one.skus()}
    persons = _persons(tenant, snapshot, now)
    return Effect(
        snapshot=snapshot.taken_at.isoformat(),
        bundles=tuple(_bundle(id, before, after, tenant, persons) for id in sorted(after.bundles)),
        products=tuple(
            _product(sku, before, after, snapshot, tenant)
            for sku in sorted(skus & snapshot.products.keys())
        ),
        missing=tuple(missing),
    )


def _persons(tenant: TenantPolicy, snapshot: Snapshot, now: datetime) -> Persons | None:
    seen = as_read_by(tenant, snapshot)
    try:
        view = View(seen.people, seen.memberships, now)
        return seen.joined.persons(view) if seen.joined else None
    except Held:
        return None  # a key that nobody read yet: there is no count


def _bundle(
    id: str, before: Outlook, after: Outlook, tenant: TenantPolicy, persons: Persons | None
) -> BundleEffect:
    was, bundle = before.bundles.get(id), after.bundles[id]
    status = "new" if was is None else "unchanged" if was == bundle else "changed"
    if id in after.blocked:
        return BundleEffect(bundle.id, bundle.name, status, held=(after.blocked[id],))
    plan, now = after.plans[id], after.differences[id].entitled.mask
    then = np.zeros_like(now)
    if id in before.differences:
        then = before.differences[id].entitled.mask
    monthly, currency = _monthly(bundle, after.holders(bundle) - before.holders(bundle), tenant)
    return BundleEffect(
        bundle=id,
        name=bundle.name,
        status=status,
        mode=plan.mode,
        entitled_before=int(then.sum()),
        entitled=int(now.sum()),
        persons=persons.count(now) if persons else None,
        gains=int((now & ~then).sum()),
        losses=int((then & ~now).sum()),
        holders=plan.holders,
        grants=plan.grants,
        revokes=plan.revokes,
        waiting=len(plan.waiting),
        leaving=len(plan.leaving),
        kept=plan.kept,
        holders_before=before.holders(bundle),
        holders_after=after.holders(bundle),
        monthly_effect=monthly,
        currency=currency,
        held=plan.held,
        changes=_examples(plan),
        waits=plan.waiting[:EXAMPLES],
        spared=plan.spared[:EXAMPLES],
    )


def _examples(plan: Plan) -> tuple[Change, ...]:
    revokes, grants = plan.changes[: plan.revokes], plan.changes[plan.revokes :]
    return (*revokes[:EXAMPLES], *grants[:EXAMPLES])


def _monthly(bundle: Bundle, more: int, tenant: TenantPolicy) -> tuple[float | None, str]:
    """Return what so many more holders cost a month; nothing where prices are unknown or mixed."""
    prices = [one for one in tenant.prices if one.product in bundle.skus()]
    currencies = {one.currency for one in prices}
    if len(prices) < len(bundle.skus()) or len(currencies) != 1:
        return None, ""
    return round(more * sum(one.monthly for one in prices), 2), currencies.pop()


def _product(
    sku: str, before: Outlook, after: Outlook, snapshot: Snapshot, tenant: TenantPolicy
) -> ProductEffect:
    product = snapshot.products[sku]
    price = next((one for one in tenant.prices if one.product == sku), None)
    was, will = before.seats(sku), after.seats(sku)
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


def carried_out(
    snapshot: Snapshot,
    differences: Sequence[Difference],
    plans: Sequence[Plan],
    known: Mapping[str, Known],
) -> Snapshot:
    """Return the tenant as it will be once these plans, and what is on its way, have arrived.

    People who hold a product by none of these bundles keep it. Someone revoked keeps it where
    another licensed group gives it to her; whether she has it directly as well is not inventoried.
    """
    people = snapshot.people
    members = dict(snapshot.memberships.people)
    holding, products = dict(people.holding), dict(snapshot.products)
    after = {
        each.bundle.id: _arrived(each, plan, known[each.bundle.id], people)
        for each, plan in zip(differences, plans, strict=True)
    }
    for sku in {sku for each in differences for sku in each.bundle.skus()} & products.keys():
        held = people.mask(people.holding.get(sku, no_rows()))
        unseen = max(0, products[sku].consumed - int(held.sum()))
        concerned = [each for each in differences if sku in each.bundle.skus()]
        elsewhere = held & _by_other_groups(sku, concerned, snapshot)
        for each in concerned:
            held[each.holders] = False
        held |= elsewhere
        for each in concerned:
            held |= after[each.bundle.id]
        holding[sku] = np.flatnonzero(held).astype(np.int32)
        products[sku] = replace(products[sku], consumed=len(holding[sku]) + unseen)
    for each in differences:
        rows = np.flatnonzero(after[each.bundle.id]).astype(np.int32)
        members[each.bundle.target.group] = rows
    return replace(
        snapshot,
        people=replace(people, holding=holding),
        memberships=replace(snapshot.memberships, people=members),
        products=products,
    )


def _by_other_groups(sku: str, concerned: Sequence[Difference], snapshot: Snapshot) -> Mask:
    targets = {each.bundle.target.group for each in concerned}
    inside = np.zeros(len(snapshot.people), np.bool_)
    for group in snapshot.groups.values():
        if sku in group.licenses and group.id not in targets:
            inside[snapshot.memberships.people.get(group.id, no_rows())] = True
    return inside


def _arrived(difference: Difference, plan: Plan, known: Known, people: People) -> Mask:
    mask = people.mask(difference.holders)
    changes = [*known.in_flight.items(), *((c.person, c.action) for c in plan.changes)]
    for action in Action:
        mask[people.rows([who for who, does in changes if does is action])] = action is Action.GRANT
    return mask
