"""Bundles, plans and runs in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.bundle import Bundle
from domain.errors import Never
from domain.plan import Plan, PlanState
from domain.records import Run, StoredBundle, StoredPlan, StoredTenant, stored_plan
from domain.tenant_policy import TenantPolicy
from tests.fakes.faults import Faulty, can_fail


class FakeBundles(Faulty):
    """The Bundles port in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._versions: dict[str, list[StoredBundle]] = {}
        self._tenant: list[StoredTenant] = []

    @can_fail
    async def all(self) -> list[StoredBundle]:
        return [self._versions[bundle][-1] for bundle in sorted(self._versions)]

    @can_fail
    async def get(self, bundle: str) -> StoredBundle | None:
        return self._versions[bundle][-1] if bundle in self._versions else None

    @can_fail
    async def history(self, bundle: str) -> list[StoredBundle]:
        return self._versions.get(bundle, [])[::-1]

    @can_fail
    async def put(
        self,
        bundles: Sequence[Bundle],
        by: str,
        at: datetime,
        tenant: TenantPolicy | None = None,
    ) -> list[StoredBundle]:
        self._check(bundles)
        if tenant is not None:
            _check_length(tenant)
            self._put_tenant(tenant, by, at)
        return [self._put(bundle, by, at) for bundle in bundles]

    @can_fail
    async def tenant(self) -> StoredTenant | None:
        return self._tenant[-1] if self._tenant else None

    @can_fail
    async def tenant_history(self) -> list[StoredTenant]:
        return self._tenant[::-1]

    def _check(self, bundles: Sequence[Bundle]) -> None:
        holders = {each[-1].bundle.target: id for id, each in self._versions.items()}
        for bundle in bundles:
            _check_length(bundle)
            holder = holders.setdefault(bundle.target, bundle.id)
            if holder != bundle.id:
                raise Never(f"Bundle {holder} has the same target.", "Use another group.")
        if len({bundle.id for bundle in bundles}) < len(bundles):
            raise Never("A bundle comes 2 times in one push.", "Store it once.")

    def _put(self, bundle: Bundle, by: str, at: datetime) -> StoredBundle:
        versions = self._versions.setdefault(bundle.id, [])
        if not versions or versions[-1].bundle != bundle:
            versions.append(StoredBundle(bundle, len(versions) + 1, at, by))
        return versions[-1]

    def _put_tenant(self, tenant: TenantPolicy, by: str, at: datetime) -> None:
        if not self._tenant or self._tenant[-1].tenant != tenant:
            self._tenant.append(StoredTenant(tenant, len(self._tenant) + 1, at, by))


def _check_length(content: Bundle | TenantPolicy) -> None:
    if len(content.model_dump_json()) > 120_000:
        raise Never("This is too long.", "Use a source group; take out pools and prices.")


class FakePlans(Faulty):
    """The Plans port in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._plans: dict[str, StoredPlan] = {}

    @can_fail
    async def keep(self, plan: Plan, run: str, at: datetime) -> StoredPlan:
        id = f"{plan.bundle}.{at.timestamp():017.6f}-{plan.fingerprint[:8]}"
        stored = stored_plan(id, plan, run, at)
        self._plans[stored.id] = stored
        return stored

    @can_fail
    async def mark(self, plan: str, state: PlanState, by: str = "", because: str = "") -> None:
        if plan not in self._plans:
            raise Never(f"There is no plan {plan}.")
        marked = replace(self._plans[plan], state=str(state))
        if by or because:
            marked = replace(marked, decided_by=by, decided_because=because)
        self._plans[plan] = marked

    @can_fail
    async def recent(self, limit: int, bundle: str | None = None) -> list[StoredPlan]:
        plans = [plan for plan in self._plans.values() if bundle in (None, plan.bundle)]
        plans.sort(key=lambda plan: plan.at, reverse=True)
        return [
            replace(plan, changes=(), waiting=(), leaving=(), spared=()) for plan in plans[:limit]
        ]

    @can_fail
    async def get(self, plan: str) -> StoredPlan | None:
        return self._plans.get(plan)


class FakeRuns(Faulty):
    """The Runs port in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: dict[str, Run] = {}

    @can_fail
    async def keep(self, run: Run) -> None:
        self._runs[run.id] = run

    @can_fail
    async def get(self, run: str) -> Run | None:
        return self._runs.get(run)
