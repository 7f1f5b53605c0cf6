"""Hold every plan of a compile that together take, or give, too much over the whole tenant."""

from domain.change import Action
from domain.decision.sent import over_share
from domain.guards.case import Case
from domain.plan import Plan


def judge(plan: Plan, case: Case) -> str | None:
    """A plan that has no part in it goes on."""
    limits, totals = case.terms.tenant.limits, case.totals
    for action, limit, sent in (
        (Action.REVOKE, limits.revokes, totals.revokes),
        (Action.GRANT, limits.grants, totals.grants),
    ):
        holders = totals.holders + (sent.day if action is Action.REVOKE else 0)
        found = over_share(sent, holders, limit) if plan.count(action) else None
        if found:
            return (
                f"Over all bundles together, would {action} {found}. Release the plan if that is"
                f" meant, or change limits.{action}s of the tenant's policy."
            )
    return None
