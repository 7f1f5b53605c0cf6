"""A snapshot as the tenant's policy reads it: with mapped attributes, and accounts joined."""

from dataclasses import replace

from domain.inventory.persons import Joined
from domain.inventory.snapshot import Snapshot
from domain.mapping import mapped
from domain.tenant_policy import TenantPolicy


def as_read_by(tenant: TenantPolicy, snapshot: Snapshot) -> Snapshot:
    """Return the snapshot as this policy reads it.

    A close-up has only some of a human's accounts, so nothing is joined in one.
    """
    seen = mapped(snapshot, tenant.attributes())
    if tenant.join is None or not snapshot.whole:
        return seen
    return replace(seen, joined=Joined(tenant.join))
