"""Hold a plan that follows from a source having lost many people since it was last believed.

A group that entitles is a reason to hold revokes, one that excludes a reason to hold grants, and
the tenant itself is a source of every rule.
"""

from domain.decision.sizes import TENANT, shrank
from domain.guards.case import Case
from domain.plan import Plan


def judge(plan: Plan, case: Case) -> str | None:
    """Compare with the sizes on which the last plan was sent; a close-up shows too few to tell."""
    shrink = case.draft.bundle.limits.shrink
    excluding = set(case.draft.bundle.policy.excluded.source_groups())
    for source, before in case.head.sizes.items():
        lost = before - plan.sizes.get(source, before)
        if not shrank(before, before - lost, shrink):
            continue
        follows = plan.grants if source in excluding else plan.revokes
        if follows:
            return (
                f"{_name(source, case)} has lost {lost} of {before} people since the last plan was"
                f" sent, and {follows} {'grants' if source in excluding else 'revokes'} would"
                " follow. Release the plan if that is meant."
            )
    return None


def _name(source: str, case: Case) -> str:
    if source == TENANT:
        return "The tenant"
    return f"Group {case.snapshot.group_name(source)}"
