"""Fitting: what must be set on a target's licenses so that it hands out what its bundle says.

It concerns every holder at once, so it is measured against the same limits as a plan. A service
plan that Microsoft adds to a product is on by default (Entra docs: licensing-group-advanced); here
it stays off until someone decides, by naming it in the bundle.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from domain.bundle import Assignment, Bundle
from domain.decision.limits import TenantLimits
from domain.decision.sent import Sent, over_share
from domain.inventory.group import Group
from domain.inventory.product import Product

type Plans = Mapping[str, tuple[str, ...]]
"""skuId -> ids of service plans."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One product on a target: what is to be off, and what that turns on and off."""

    sku: str
    off: tuple[str, ...]
    missing: bool = False
    """The target does not hand the product out at all."""
    turned_on: tuple[str, ...] = ()
    turned_off: tuple[str, ...] = ()
    """By the bundle's own words."""
    new: tuple[str, ...] = ()
    """Appeared in the product, and kept off until someone decides."""
    first: bool = False
    """Seatflow has not set this product here before, nor found it as it should be."""

    @property
    def changes(self) -> bool:
        """Whether there is something to set."""
        return bool(self.missing or self.turned_on or self.turned_off or self.new)


@dataclass(frozen=True, slots=True)
class Fitting:
    """Everything to be set on one target."""

    bundle: str
    target: str
    holders: int
    settings: tuple[Setting, ...] = ()
    held: str = ""
    """Why a person must say so first; empty when it is set by itself."""

    @property
    def licenses(self) -> Plans:
        """What to set: skuId -> service plans to be off."""
        return {each.sku: each.off for each in self.settings}

    @property
    def fingerprint(self) -> str:
        """Identify exactly these settings of this target, with about as many members."""
        size = self.holders.bit_length()
        what = [self.bundle, self.target, size, sorted(self.licenses.items())]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]

    def told(self, products: Mapping[str, Product]) -> tuple[str, ...]:
        """Say in sentences what would be set."""
        return tuple(_told(each, products[each.sku]) for each in self.settings)


def fit(
    bundle: Bundle, group: Group, products: Mapping[str, Product], agreed: Plans, holders: int
) -> Fitting:
    """Compare what a target hands out with what its bundle says.

    Args:
        agreed: per product, the service plans it had when its settings here were last agreed on.
        holders: members of the target.
    """
    all_settings = [
        _setting(each, group, products[each.sku], agreed)
        for each in bundle.products
        if each.sku in products
    ]
    settings = tuple(each for each in all_settings if each.changes)
    held = _held(bundle, settings, holders) if holders else ""
    return Fitting(bundle.id, group.id, holders, settings, held)


def within(fitting: Fitting, limits: TenantLimits, people: int) -> Fitting:
    """Return what is to be set, held where it passes a limit of the tenant.

    Args:
        people: in the tenant.
    """
    takes = any(each.turned_off for each in fitting.settings)
    found = over_share(Sent(fitting.holders, 0, 0), people, limits.revokes) if takes else None
    if fitting.held or not found or not fitting.holders:
        return fitting
    return replace(fitting, held=f"Would turn service plans off for {found}, over the tenant.")


def agree(bundle: Bundle, products: Mapping[str, Product], agreed: Plans) -> Plans:
    """Return the service plans that count as decided, once the target is as it should be."""
    result = {}
    for each in bundle.products:
        product = products.get(each.sku)
        if product is None:
            continue
        before = agreed.get(each.sku)
        # A service plan that is missing once is not forgotten: it would be new when it is back.
        known = product.plans if before is None else {*before, *_named(each) & product.plans.keys()}
        result[each.sku] = tuple(sorted(known))
    return result


def settled(fitting: Fitting, agreed: Plans) -> Plans:
    """Leave out the products whose first settings here still wait for a person's word."""
    open_ = {each.sku for each in fitting.settings if each.first and fitting.held}
    return {sku: plans for sku, plans in agreed.items() if sku not in open_}


def _setting(each: Assignment, group: Group, product: Product, agreed: Plans) -> Setting:
    plans, before = set(product.plans), agreed.get(each.sku)
    new = plans - set(before) - _named(each) if before is not None else set[str]()
    wanted = (set(each.disabled_plans) | new) & plans
    now = set(group.licenses.get(each.sku, ())) & plans
    missing = each.sku not in group.licenses
    return Setting(
        each.sku,
        off=tuple(sorted(wanted)),
        missing=missing,
        turned_on=() if missing else tuple(sorted(now - wanted)),
        turned_off=() if missing else tuple(sorted(wanted - now - new)),
        new=() if missing else tuple(sorted(new - now)),
        first=before is None,
    )


def _named(each: Assignment) -> set[str]:
    return {*each.disabled_plans, *each.enabled_plans}


def _held(bundle: Bundle, settings: Iterable[Setting], holders: int) -> str:
    """Say why a person must look first: it gives to, or takes from, too many at once."""
    concerned = Sent(holders, 0, 0)
    for each in settings:
        takes = over_share(concerned, holders, bundle.limits.revokes) if each.turned_off else None
        if takes:
            return f"Would turn service plans off for {takes}."
        gives = each.missing or each.turned_on
        if each.first and (gives or each.turned_off):
            return f"The target was not set up by Seatflow, and has {holders} members."
        given = over_share(concerned, holders, bundle.limits.grants) if gives else None
        if given:
            return f"Would turn service plans on for {given}."
    return ""


def _told(setting: Setting, product: Product) -> str:
    if setting.missing:
        return f"hands out {product.part_number}, which the target lacks"
    parts = [
        f"{what} {', '.join(product.plans[plan] for plan in plans)}"
        for what, plans in (
            ("turns on", setting.turned_on),
            ("turns off", setting.turned_off),
            ("keeps off, until someone decides, the new", setting.new),
        )
        if plans
    ]
    return f"{product.part_number}: {'; '.join(parts)}"
