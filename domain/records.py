"""Records: what is kept of bundles, plans, runs and watches, for people to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.bundle import Bundle
from domain.change import Change
from domain.ledger import Leave, Wait
from domain.plan import Plan, PlanState, Spared
from domain.tenant_policy import TenantPolicy


@dataclass(frozen=True, slots=True)
class StoredBundle:
    """One version of a bundle."""

    bundle: Bundle
    version: int
    at: datetime
    by: str
    changed: tuple[str, ...] = ()
    """What it changed in the version before; told in a history only."""


@dataclass(frozen=True, slots=True)
class StoredTenant:
    """One version of the tenant's own policy."""

    tenant: TenantPolicy
    version: int
    at: datetime
    by: str
    changed: tuple[str, ...] = ()
    """What it changed in the version before; told in a history only."""


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it was decided; a listing leaves out who is concerned."""

    id: str
    bundle: str
    target: str
    fingerprint: str
    run: str
    at: datetime
    state: str
    held: tuple[str, ...]
    entitled: int
    holders: int
    grants: int
    revokes: int
    kept: int
    waits: int
    leaves: int = 0
    spares: int = 0
    releasable: bool = False
    """A person's approval is all that is missing."""
    decided_by: str = ""
    """Who released or refused it."""
    decided_because: str = ""
    changes: tuple[Change, ...] = ()
    waiting: tuple[Wait, ...] = ()
    leaving: tuple[Leave, ...] = ()
    spared: tuple[Spared, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """User principal names of the people concerned, by id; told with the one plan, never kept."""

    def people(self) -> set[str]:
        """Return everyone concerned."""
        changing = {one.person for one in self.changes} | {one.person for one in self.spared}
        staying = {one.person for one in self.waiting} | {one.person for one in self.leaving}
        return changing | staying


def stored_plan(id: str, plan: Plan, run: str, at: datetime) -> StoredPlan:
    """Return a plan as it is kept under an id."""
    return StoredPlan(
        id=id,
        bundle=plan.bundle,
        target=plan.target,
        fingerprint=plan.fingerprint,
        run=run,
        at=at,
        state=str(plan.state),
        held=plan.held,
        entitled=plan.entitled,
        holders=plan.holders,
        grants=plan.grants,
        revokes=plan.revokes,
        kept=plan.kept,
        waits=len(plan.waiting),
        leaves=len(plan.leaving),
        spares=len(plan.spared),
        releasable=plan.releasable and plan.state is PlanState.HELD,
        decided_by=plan.approved_by,
        changes=plan.changes,
        waiting=plan.waiting,
        leaving=plan.leaving,
        spared=plan.spared,
    )


class RunState(StrEnum):
    """How far a run has come."""

    QUEUED = "queued"
    INVENTORY = "inventory"
    COMPILING = "compiling"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One inventory and compile of everything."""

    id: str
    state: RunState
    started_at: datetime
    finished_at: datetime | None = None
    people: int = 0
    bundles: int = 0
    changes: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """A Graph change subscription; only a hash of its secret is kept."""

    id: str
    resource: str
    expires: datetime
    state_hash: str
    since: datetime | None = None
    """When its secret was made; None in the records of earlier versions."""
    created: bool = False
    """It asks for creations, too. That tells nothing new: creations come as updates."""
    until: datetime | None = None
    """Another one has taken its place, and Graph may repeat its last notifications until then."""
    tenant: str = ""
    """The tenant its notifications are about; empty where the settings do not name one."""
