"""Hold a plan that takes the bundle from, or gives it to, too many compared with its holders."""

from domain.change import Action
from domain.decision.sent import over_share
from domain.guards.case import Case
from domain.plan import Plan


def judge(plan: Plan, case: Case) -> str | None:
    """Look at revokes first: they do the greater harm."""
    limits = case.draft.bundle.limits
    for action, limit in ((Action.REVOKE, limits.revokes), (Action.GRANT, limits.grants)):
        sent = case.sent(plan, action)
        holders = plan.holders + (sent.day if action is Action.REVOKE else 0)
        found = over_share(sent, holders, limit) if sent.now else None
        if found:
            return (
                f"Would {action} {found}. Release the plan if that is meant; else mend the policy,"
                f" or change limits.{action}s of the bundle."
            )
    return None
