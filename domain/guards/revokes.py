"""Hold a plan that takes the bundle from too large a share of its holders."""

from domain.guards.case import Case
from domain.plan import Plan


def judge(plan: Plan, case: Case) -> str | None:
    """Count over 24 hours, so that many small plans weigh as much as one large one."""
    limit = case.bundle.limits.revokes
    population = case.population + case.revoked_lately
    allowed = max(limit.floor, int(population * limit.percent / 100))
    total = plan.revokes + case.revoked_lately
    if not plan.revokes or total <= allowed:
        return None
    share = f" ({100 * total / population:.0f} %)" if population else ""
    lately = f" {case.revoked_lately} of them already in the last 24 hours;"
    return (
        f"Would revoke {total} of {population} holders{share};"
        f"{lately if case.revoked_lately else ''}"
        f" the limit is {allowed} ({limit.percent:g} %, at least {limit.floor})."
        " Mend the policy, or raise limits.revokes of the bundle."
    )
