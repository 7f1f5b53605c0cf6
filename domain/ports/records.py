"""Policies, plans and runs, kept for people to read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.bundle import Bundle
from domain.plan import Plan, PlanState
from domain.records import Run, StoredBundle, StoredPlan, StoredTenant
from domain.tenant_policy import TenantPolicy


class Bundles(Protocol):
    """The stored policies, with history."""

    async def all(self) -> list[StoredBundle]:
        """Return every bundle in its latest version, in order of id."""
        ...

    async def get(self, bundle: str) -> StoredBundle | None:
        """Return one bundle in its latest version."""
        ...

    async def history(self, bundle: str) -> list[StoredBundle]:
        """Return every version of one bundle, newest first."""
        ...

    async def put(
        self,
        bundles: Sequence[Bundle],
        by: str,
        at: datetime,
        tenant: TenantPolicy | None = None,
    ) -> list[StoredBundle]:
        """Store bundles, and the tenant's policy when given; unchanged content makes no version.

        Thirty are one transaction; more are several, and storing the same again does no harm.

        Raises:
            Conflict: someone else stored a version meanwhile.
        """
        ...

    async def tenant(self) -> StoredTenant | None:
        """Return the tenant's policy in its latest version, or None before the first."""
        ...

    async def tenant_history(self) -> list[StoredTenant]:
        """Return every version of the tenant's policy, newest first."""
        ...


class Plans(Protocol):
    """The plans of late."""

    async def keep(self, plan: Plan, run: str, at: datetime) -> StoredPlan:
        """Keep a plan with all of its changes."""
        ...

    async def mark(self, plan: str, state: PlanState, by: str = "", because: str = "") -> None:
        """Note what became of a kept plan, by whose decision and why."""
        ...

    async def recent(self, limit: int, bundle: str | None = None) -> list[StoredPlan]:
        """Return the newest plans without their changes, newest first."""
        ...

    async def get(self, plan: str) -> StoredPlan | None:
        """Return one plan with all of its changes."""
        ...


class Runs(Protocol):
    """Runs of inventory and compile, and how they went."""

    async def keep(self, run: Run) -> None:
        """Write a run as it stands."""
        ...

    async def get(self, run: str) -> Run | None:
        """Return one run."""
        ...
