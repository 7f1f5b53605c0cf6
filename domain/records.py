"""Records: what is kept of bundles, plans, runs and watches, for people to read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.bundle import Bundle
from domain.change import Change
from domain.ledger import Wait
from domain.plan import Plan


@dataclass(frozen=True, slots=True)
class StoredBundle:
    """One version of a bundle."""

    bundle: Bundle
    version: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it was decided; `changes` and `waiting` are empty in a listing."""

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
    changes: tuple[Change, ...] = ()
    waiting: tuple[Wait, ...] = ()


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
        changes=plan.changes,
        waiting=plan.waiting,
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
