"""Bundles, plans and runs in memory."""

from dataclasses import replace
from datetime import datetime

from domain.bundle import Bundle
from domain.errors import Never
from domain.plan import Plan
from domain.records import Run, StoredBundle, StoredPlan, stored_plan
from tests.fakes.faults import Faulty, can_fail


class FakeBundles(Faulty):
    """The Bundles port in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._versions: dict[str, list[StoredBundle]] = {}

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
    async def put(self, bundle: Bundle, by: str, at: datetime) -> StoredBundle:
        versions = self._versions.get(bundle.id, [])
        if versions and versions[-1].bundle == bundle:
            return versions[-1]
        if len(bundle.model_dump_json()) > 30_000:
            raise Never(f"Bundle {bundle.id} is too long.", "Use a source group.")
        for other, (*_, latest) in self._versions.items():
            if other != bundle.id and latest.bundle.target == bundle.target:
                raise Never(f"Bundle {other} has the same target.", "Use another group.")
        stored = StoredBundle(bundle, len(versions) + 1, at, by)
        self._versions.setdefault(bundle.id, []).append(stored)
        return stored


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
    async def recent(self, limit: int, bundle: str | None = None) -> list[StoredPlan]:
        plans = [plan for plan in self._plans.values() if bundle in (None, plan.bundle)]
        plans.sort(key=lambda plan: plan.at, reverse=True)
        return [replace(plan, changes=(), waiting=()) for plan in plans[:limit]]

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
