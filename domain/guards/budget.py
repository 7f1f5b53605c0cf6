"""Hold a plan that passes a budget per hour or per day, of its bundle or of the whole tenant."""

from domain.change import Action
from domain.decision.limits import Limit
from domain.decision.sent import Sent, over_budget
from domain.guards.case import Case
from domain.plan import Plan


def judge(plan: Plan, case: Case) -> str | None:
    """A budget frees itself as time goes by; then a plan that fits into it is sent."""
    own, all_ = case.draft.bundle.limits, case.terms.tenant.limits
    for action, where, limit, sent in (
        (Action.REVOKE, "", own.revokes, case.sent(plan, Action.REVOKE)),
        (Action.GRANT, "", own.grants, case.sent(plan, Action.GRANT)),
        (Action.REVOKE, "Over all bundles together, ", all_.revokes, case.totals.revokes),
        (Action.GRANT, "Over all bundles together, ", all_.grants, case.totals.grants),
    ):
        found = over_budget(sent, limit) if plan.count(action) else None
        if found:
            way_out = "Wait, or release the plan" if _frees(sent, limit) else "Release the plan"
            sentence = f"{where}would {action} {found}. {way_out}."
            return sentence[0].upper() + sentence[1:]
    return None


def _frees(sent: Sent, limit: Limit) -> bool:
    """Tell whether the plan fits into the budget once that is unused."""
    return over_budget(Sent(sent.now, 0, 0), limit) is None
