"""Release or refuse a plan: a person's word on exactly one fingerprint."""

from dataclasses import replace
from datetime import timedelta

from domain.errors import Held
from domain.head import Approval, Head, Refusal
from domain.jobs.request import request_run
from domain.plan import PlanState
from domain.ports import Ports
from domain.records import StoredPlan

GOOD_FOR = timedelta(hours=4)
"""An approval that no compile has used by then is void."""


async def release(ports: Ports, plan: str, by: str, run: str) -> StoredPlan | None:
    """Approve a held plan and compile at once; the compile sends it if it comes to the same.

    Args:
        run: the id under which the compile runs.

    Raises:
        Held: the plan is not waiting for anyone's approval, and why.
        Conflict: a compile is writing about this bundle; try again.
    """
    stored = await ports.plans.get(plan)
    if stored is None:
        return None
    head = await _newest(ports, stored)
    if stored.state == PlanState.DRY_RUN:
        raise Held(f"Plan {plan} is of a dry run: it is shown and never sent. Set mode to live.")
    if not stored.releasable:
        raise Held(f"No approval can send plan {plan}: {' '.join(stored.held)}")
    now = ports.clock.now()
    approval = Approval(stored.fingerprint, by, now, now + GOOD_FOR)
    await ports.ledger.keep_head(replace(head, approval=approval, refusal=None))
    await ports.plans.mark(plan, PlanState.RELEASED, by)
    ports.log.note("plan.released", bundle=stored.bundle, plan=plan, run=run)
    await request_run(ports, run, inventory=False)
    return replace(stored, state=str(PlanState.RELEASED), decided_by=by)


async def refuse(ports: Ports, plan: str, by: str, because: str) -> StoredPlan | None:
    """Refuse a plan: it stays held, whatever becomes of the guards, until it comes out differently.

    Raises:
        Held: the plan is not the newest of its bundle.
        Conflict: a compile is writing about this bundle; try again.
    """
    stored = await ports.plans.get(plan)
    if stored is None:
        return None
    head = await _newest(ports, stored)
    refusal = Refusal(stored.fingerprint, by, ports.clock.now(), because)
    held = f"Refused by {by}: {because}"
    await ports.ledger.keep_head(replace(head, approval=None, refusal=refusal, held=held))
    await ports.plans.mark(plan, PlanState.REFUSED, by, because)
    ports.log.note("plan.refused", bundle=stored.bundle, plan=plan)
    state = str(PlanState.REFUSED)
    return replace(stored, state=state, decided_by=by, decided_because=because)


async def _newest(ports: Ports, stored: StoredPlan) -> Head:
    """Return the head that still stands at this plan."""
    head = (await ports.ledger.standing(stored.bundle)).head
    if head.plan != stored.id or head.fingerprint != stored.fingerprint:
        newer = f" Look at {head.plan}." if head.plan else " Nothing of the bundle is held now."
        raise Held(f"Plan {stored.id} is not what the newest compile came to.{newer}")
    return head
