"""A generated tenant as the snapshot and the bundles that the domain decides on."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from domain.bundle import Bundle
from domain.bundle_text import read_bundles
from domain.compile import compile_plans
from domain.difference import compare
from domain.group import Group
from domain.known import Known
from domain.ledger import Head
from domain.membership import Memberships
from domain.people import People, Person, attributes_of, people_of
from domain.plan import Plan
from domain.product import Product
from domain.snapshot import Snapshot
from local.tenant import generate

BUNDLES = Path(__file__).parents[3] / "bundles"
NOW = datetime(2026, 11, 22, tzinfo=UTC)

# Generating is cheap, but many tests read the same tenant; none changes it.
tenant_of = cache(generate)


def sample_files() -> list[Path]:
    return sorted(BUNDLES.glob("*.yaml"))


def sample_bundles() -> list[Bundle]:
    return [
        bundle for file in sample_files() for bundle in read_bundles(file.read_text(), file.name)
    ]


def plans(bundles: Iterable[Bundle], snapshot: Snapshot) -> dict[str, Plan]:
    """Compile the bundles together, as on a first run: nothing is known of anyone."""
    differences = [compare(bundle, snapshot, {}) for bundle in bundles]
    known = {each.bundle.id: Known(each.bundle, Head(each.bundle.id)) for each in differences}
    return {plan.bundle: plan for plan in compile_plans(differences, known, snapshot, NOW)}


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
    )
