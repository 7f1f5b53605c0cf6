"""How many humans the accounts of a snapshot are, worked out once and not at every look."""

from datetime import datetime

from domain.errors import Held
from domain.inventory.people import People
from domain.inventory.reading import as_read_by
from domain.inventory.snapshot import Snapshot
from domain.rule import View
from domain.tenant_policy import TenantPolicy


class Humans:
    """The last answer, and to what."""

    def __init__(self) -> None:
        self._asked: tuple[TenantPolicy, People] | None = None
        self._count: int | None = None

    def count(self, tenant: TenantPolicy, snapshot: Snapshot, now: datetime) -> int | None:
        """Return how many there are; None where policy joins no accounts, or nobody can tell."""
        if self._asked is None or not _same(self._asked, tenant, snapshot.people):
            self._count = _counted(tenant, snapshot, now)
            self._asked = tenant, snapshot.people
        return self._count


def _same(asked: tuple[TenantPolicy, People], tenant: TenantPolicy, people: People) -> bool:
    return asked[0] == tenant and asked[1].columns is people.columns


def _counted(tenant: TenantPolicy, snapshot: Snapshot, now: datetime) -> int | None:
    seen = as_read_by(tenant, snapshot)
    if seen.joined is None:
        return None
    try:
        return seen.joined.persons(View(seen.people, seen.memberships, now)).count()
    except Held:
        return None  # a key was not inventoried; bundles that need it say so
