"""The stored policies in one partition, so that a push of several bundles is one transaction.

Rows: `latest:{bundle}`, `version:{bundle}:{counting down}` (newest first), `target:{group}`, which
keeps two bundles from sharing a target even when they are stored at the same moment, and the same
for the tenant's own policy: `tenant:latest`, `tenant:version:{counting down}`.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from azure.data.tables import TableEntity

from adapters.tables.limits import in_transactions
from adapters.tables.pushes import (
    LATEST,
    TARGET,
    TENANT,
    bundle_writes,
    check_push,
    shelf_of,
    stored_bundle,
    stored_tenant,
    tenant_writes,
)
from adapters.tables.table import Table, key
from domain.bundle import Bundle
from domain.records import StoredBundle, StoredTenant
from domain.tenant_policy import TenantPolicy

_PARTITION = "bundles"


class TableBundles:
    """The Bundles port on Azure Tables."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def all(self) -> list[StoredBundle]:
        """Return every bundle in its latest version, in order of id."""
        return [stored_bundle(entity) for entity in await self._table.scan(_PARTITION, LATEST)]

    async def get(self, bundle: str) -> StoredBundle | None:
        """Return one bundle in its latest version."""
        entity = await self._table.get(_PARTITION, shelf_of(key(bundle)).latest)
        return stored_bundle(entity) if entity else None

    async def history(self, bundle: str) -> list[StoredBundle]:
        """Return every version of one bundle, newest first."""
        shelf = shelf_of(key(bundle))
        return [stored_bundle(e) for e in await self._table.scan(_PARTITION, shelf.versions)]

    async def put(
        self,
        bundles: Sequence[Bundle],
        by: str,
        at: datetime,
        tenant: TenantPolicy | None = None,
    ) -> list[StoredBundle]:
        """Store bundles, and the tenant's policy when given; unchanged content makes no version.

        Everything is checked before the first write. One transaction holds thirty bundles and the
        tenant's policy, unless they are very long; of more, each is stored whole, the tenant's
        policy first.

        Raises:
            Conflict: someone else stored a version meanwhile.
            Never: a bundle is too long or comes twice, or its target is, or was until this push,
                that of another.
        """
        rows = await self._rows(bundles)
        check_push(bundles, rows)
        answers = [bundle_writes(bundle, rows, by, at) for bundle in bundles]
        groups = [writes for _, writes in answers]
        if tenant is not None:
            groups.insert(0, tenant_writes(tenant, rows.get(TENANT.latest), by, at))
        for step in in_transactions(groups):
            await self._table.write(_PARTITION, step)
        return [stored for stored, _ in answers]

    async def tenant(self) -> StoredTenant | None:
        """Return the tenant's policy in its latest version, or None before the first."""
        entity = await self._table.get(_PARTITION, TENANT.latest)
        return stored_tenant(entity) if entity else None

    async def tenant_history(self) -> list[StoredTenant]:
        """Return every version of the tenant's policy, newest first."""
        return [stored_tenant(e) for e in await self._table.scan(_PARTITION, TENANT.versions)]

    async def _rows(self, bundles: Sequence[Bundle]) -> Mapping[str, TableEntity]:
        """Return, by key, the rows that storing these may replace."""
        found = await asyncio.gather(
            self._table.some(_PARTITION, TENANT.latest, [TENANT.latest]),
            self._table.some(_PARTITION, LATEST, {LATEST + one.id for one in bundles}),
            self._table.some(_PARTITION, TARGET, {TARGET + one.target.group for one in bundles}),
        )
        return {entity["RowKey"]: entity for entities in found for entity in entities}
