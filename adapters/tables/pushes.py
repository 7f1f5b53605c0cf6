"""What a push of bundles, and of the tenant's policy, must meet and writes: pure, in one place."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from azure.data.tables import TableEntity

from adapters.tables.packing import gather
from adapters.tables.table import Write
from adapters.tables.versions import (
    Shelf,
    Version,
    next_version,
    read_version,
    standing_version,
    version_writes,
)
from domain.bundle import Bundle
from domain.errors import Never
from domain.records import StoredBundle, StoredTenant
from domain.tenant_policy import TenantPolicy

LATEST, TARGET = "latest:", "target:"
TENANT = Shelf(
    name="The tenant's policy",
    latest="tenant:latest",
    versions="tenant:version:",
    text="tenant",
    shorten="Take out pools and prices that nobody needs.",
)

type Rows = Mapping[str, TableEntity]
"""By key."""


def shelf_of(bundle: str) -> Shelf:
    """Return where the versions of a bundle stand."""
    return Shelf(
        name=f"Bundle {bundle}",
        latest=LATEST + bundle,
        versions=f"version:{bundle}:",
        text="bundle",
        shorten="Put the people it lists into a group, and name that as a source group.",
    )


def stored_bundle(entity: TableEntity) -> StoredBundle:
    """Return the version of a bundle in a row.

    Raises:
        Never: it makes no sense any more.
    """
    return _bundle(read_version(Bundle, shelf_of(""), entity))


def stored_tenant(entity: TableEntity) -> StoredTenant:
    """Return the version of the tenant's policy in a row.

    Raises:
        Never: it makes no sense any more.
    """
    version = read_version(TenantPolicy, TENANT, entity)
    return StoredTenant(version.content, version.number, version.at, version.by)


def check_push(bundles: Sequence[Bundle], rows: Rows) -> None:
    """Check that each bundle comes once, with a target that no other bundle has.

    A target that another bundle leaves in the same push is not free yet: nobody swaps targets.

    Raises:
        Never: it is not so.
    """
    for id, count in Counter(bundle.id for bundle in bundles).items():
        if count > 1:
            raise Never(f"Bundle {id} comes {count} times in one push.", "Store it once.")
    holders: dict[str, str] = {}
    for bundle in bundles:
        taken = rows.get(TARGET + bundle.target.group)
        holder = taken["bundle"] if taken else holders.setdefault(bundle.target.group, bundle.id)
        if holder != bundle.id:
            raise Never(
                f"Bundle {holder} already has group {bundle.target.group} as its target,"
                f" and {bundle.id} cannot have it too.",
                "Use a group of its own for each bundle.",
            )


def bundle_writes(
    bundle: Bundle, rows: Rows, by: str, at: datetime
) -> tuple[StoredBundle, list[Write]]:
    """Return the bundle as it will be stored and what that writes: nothing where it is already so.

    Raises:
        Never: the bundle is too long.
    """
    shelf = shelf_of(bundle.id)
    latest = rows.get(shelf.latest)
    standing = standing_version(bundle, shelf, latest)
    if standing:
        return _bundle(standing), []
    version = next_version(bundle, latest, by, at)
    writes = [*version_writes(version, shelf, latest), *_target_writes(bundle, shelf, latest)]
    return _bundle(version), writes


def tenant_writes(
    tenant: TenantPolicy, latest: TableEntity | None, by: str, at: datetime
) -> list[Write]:
    """Return what storing the tenant's policy writes: nothing where it is already so.

    Raises:
        Never: the policy is too long.
    """
    if standing_version(tenant, TENANT, latest):
        return []
    return version_writes(next_version(tenant, latest, by, at), TENANT, latest)


def _target_writes(bundle: Bundle, shelf: Shelf, latest: TableEntity | None) -> list[Write]:
    # Read past the model: what makes no sense any more still has its target.
    old = json.loads(gather(latest, shelf.text))["target"]["group"] if latest else None
    if old == bundle.target.group:
        return []
    taken = Write("insert", TARGET + bundle.target.group, {"bundle": bundle.id})
    return [taken] if old is None else [taken, Write("remove", TARGET + old, {}, "*")]


def _bundle(version: Version[Bundle]) -> StoredBundle:
    return StoredBundle(version.content, version.number, version.at, version.by)
