"""Keep the lists of a bundle beside its plan: who waits for a seat, and who is in grace.

Only differences are written. How long someone has waited, or has been in grace, is kept until the
change is sent: a plan that is held does not start anyone's time anew.
"""

from domain.change import Action
from domain.decision.known import Known
from domain.inventory.snapshot import Snapshot
from domain.plan import Plan, PlanState
from domain.ports import Ports


async def keep_waiting(ports: Ports, plan: Plan, known: Known, snapshot: Snapshot) -> int:
    """Write the waiting list as it is now; return its length."""
    new = [wait for wait in plan.waiting if known.waiting.get(wait.person) != wait]
    gone = _gone(plan, Action.GRANT, known.waiting.keys() - {w.person for w in plan.waiting})
    if not snapshot.whole:
        # A close-up says nothing of people it does not show, nor of claims it cannot judge.
        gone &= {change.person for change in plan.changes}
    if new or gone:
        await ports.ledger.wait(plan.bundle, new, sorted(gone))
    return len((known.waiting.keys() | {wait.person for wait in new}) - gone)


async def keep_leaving(ports: Ports, plan: Plan, known: Known, snapshot: Snapshot) -> int:
    """Write who is in grace now; whoever is entitled again is not. Return how many there are."""
    if not known.may_revoke(snapshot):
        return len(known.leaving)
    new = [leave for leave in plan.leaving if leave.person not in known.leaving]
    gone = _gone(plan, Action.REVOKE, known.leaving.keys() - {one.person for one in plan.leaving})
    if not snapshot.whole:
        gone &= _shown(gone, snapshot)
    if new or gone:
        await ports.ledger.leave(plan.bundle, new, sorted(gone))
    return len((known.leaving.keys() | {leave.person for leave in new}) - gone)


def _gone(plan: Plan, action: Action, people: set[str]) -> set[str]:
    """Leave out those whose change is decided and not sent."""
    spared = {each.person for each in plan.spared if each.action is action}
    if plan.state is PlanState.SENT:
        return people - spared
    return people - spared - {each.person for each in plan.changes if each.action is action}


def _shown(people: set[str], snapshot: Snapshot) -> set[str]:
    columns = snapshot.people
    ordered = sorted(people)
    return {columns.id(int(row)) for row in columns.rows(ordered)}
