"""Hold revokes while a source group is empty: more likely a mistake than a wish."""

from domain.guards.case import Case
from domain.plan import Plan


def judge(plan: Plan, case: Case) -> str | None:
    """Look at the source groups once revokes are planned; a close-up shows too few to tell."""
    if not plan.revokes or not case.snapshot.whole:
        return None
    for group in case.draft.bundle.policy.entitling_groups():
        if not case.draft.difference.entitled.sizes[group]:
            return (
                f"Source group {case.snapshot.group_name(group)} is empty, and {plan.revokes}"
                " revokes would follow. Fill the group, or take it out of the policy."
            )
    return None
