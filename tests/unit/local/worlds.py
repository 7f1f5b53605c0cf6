"""A generated tenant as the snapshot and the bundles that the domain decides on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from domain.bundle import Bundle
from domain.bundle_text import Candidate, read_files
from domain.change import Action
from domain.decision.compile import compile_plans
from domain.decision.difference import differences_of
from domain.decision.entitlement import entitle
from domain.decision.known import Known
from domain.decision.relations import Relations
from domain.head import Head
from domain.inventory.group import Group
from domain.inventory.membership import Memberships
from domain.inventory.people import Mask, People, Person, attributes_of, people_of
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.plan import Plan
from domain.tenant_policy import TenantPolicy
from domain.terms import Terms
from local.tenant import generate

BUNDLES = Path(__file__).parents[3] / "bundles"
NOW = datetime(2026, 11, 22, tzinfo=UTC)

# Many tests read the same tenant; none changes it.
tenant_of = cache(generate)


@cache
def generated(people: int, seed: int) -> Snapshot:
    return snapshot_of(tenant_of(people, seed))


def sample_files() -> list[Path]:
    return sorted(BUNDLES.glob("*.yaml"))


@cache
def sample() -> Candidate:
    return read_files({file.name: file.read_text() for file in sample_files()})


def sample_bundles() -> list[Bundle]:
    return [placed.bundle for placed in sample().bundles]


def sample_tenant() -> TenantPolicy:
    tenant = sample().tenant
    assert tenant is not None
    return tenant


def entitled(bundles: Sequence[Bundle], snapshot: Snapshot) -> dict[str, Mask]:
    """Return who holds each bundle in the end: once all better ones are active."""
    relations = Relations(bundles)
    masks = {bundle.id: entitle(bundle, snapshot, NOW).mask for bundle in bundles}
    better = {bundle.id: relations.better(bundle.id) for bundle in bundles}
    nobody = np.zeros(len(snapshot.people), np.bool_)
    return {
        id: mask & ~np.logical_or.reduce([nobody, *(masks[other] for other in better[id])])
        for id, mask in masks.items()
    }


def plans(bundles: Sequence[Bundle], snapshot: Snapshot) -> dict[str, Plan]:
    """Compile the bundles together, as on a first run: nothing is known of anyone."""
    known = {bundle.id: Known(bundle, Head(bundle.id)) for bundle in bundles}
    terms = Terms(sample_tenant())
    differences, blocked = differences_of(bundles, known, snapshot, terms, NOW)
    assert not blocked
    decided = compile_plans(differences, known, snapshot, terms, NOW)
    return {plan.bundle: plan for plan in decided}


def fulfilled(tenant: dict[str, Any], decided: Iterable[Plan]) -> dict[str, Any]:
    """Return the tenant once plans are carried out and every license is active."""
    changes = {plan.target: plan.changes for plan in decided}
    groups = []
    for group in tenant["groups"]:
        made = changes.get(group["id"], ())
        going = {change.person for change in made if change.action is Action.REVOKE}
        coming = [change.person for change in made if change.action is Action.GRANT]
        stay = [member for member in group["members"] if member not in going]
        groups.append(group | {"members": stay + coming})
    return tenant | {"groups": groups}


def snapshot_of(tenant: dict[str, Any]) -> Snapshot:
    people = _people(tenant)
    groups = {group["id"]: _group(group) for group in tenant["groups"]}
    return Snapshot(
        taken_at=NOW,
        people=people,
        groups=groups,
        memberships=Memberships(
            {group["id"]: people.rows(group["members"]) for group in tenant["groups"]},
            {
                group["id"]: tuple(member for member in group["members"] if member in groups)
                for group in tenant["groups"]
            },
        ),
        products={sku["skuId"]: _product(sku) for sku in tenant["subscribedSkus"]},
    )


def held(tenant: dict[str, Any]) -> dict[str, set[str]]:
    """Return skuId -> the ids of everyone who holds it, directly or through a group."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for user in tenant["users"]:
        for license in user["assignedLicenses"]:
            holders[license["skuId"]].add(user["id"])
    for group in tenant["groups"]:
        for license in group["assignedLicenses"]:
            holders[license["skuId"]].update(group["members"])
    return holders


def _people(tenant: dict[str, Any]) -> People:
    products: defaultdict[str, list[str]] = defaultdict(list)
    for sku, holders in held(tenant).items():
        for person in holders:
            products[person].append(sku)
    people = people_of(
        Person(user["id"], attributes_of(user), tuple(products[user["id"]]))
        for user in tenant["users"]
    )
    assert np.all(people.ids[:-1] < people.ids[1:])
    return people


def _group(group: dict[str, Any]) -> Group:
    return Group(
        id=group["id"],
        name=group["displayName"],
        types=tuple(group["groupTypes"]),
        mail_enabled=group["mailEnabled"],
        security_enabled=group["securityEnabled"],
        synced=bool(group["onPremisesSyncEnabled"]),
        role_assignable=bool(group["isAssignableToRole"]),
        licenses={
            each["skuId"]: tuple(each["disabledPlans"]) for each in group["assignedLicenses"]
        },
    )


def _product(sku: dict[str, Any]) -> Product:
    return Product(
        sku=sku["skuId"],
        part_number=sku["skuPartNumber"],
        enabled=sku["prepaidUnits"]["enabled"],
        consumed=sku["consumedUnits"],
        plans={plan["servicePlanId"]: plan["servicePlanName"] for plan in sku["servicePlans"]},
    )
