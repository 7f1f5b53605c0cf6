"""Hold exactly the plan that a person refused, until it comes out differently."""

from domain.guards.case import Case
from domain.plan import Plan
from domain.quoted import quoted


def judge(plan: Plan, case: Case) -> str | None:
    """Say who refused it and why."""
    refusal = case.head.refusal
    if refusal is None or not plan.changes or refusal.fingerprint != plan.fingerprint:
        return None
    by, reason = quoted(refusal.by), quoted(refusal.reason)
    return f"Refused by {by} on {refusal.at:%Y-%m-%d %H:%M} UTC: {reason}"
