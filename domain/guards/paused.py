"""Hold everything while someone has paused Seatflow."""

from domain.guards.case import Case
from domain.plan import Plan
from domain.quoted import quoted

RELEASABLE = False


def judge(plan: Plan, case: Case) -> str | None:
    """Say who paused, when and why."""
    pause = case.terms.controls.pause
    if pause is None or not plan.changes:
        return None
    return f"Paused by {quoted(pause.by)} on {pause.at:%Y-%m-%d %H:%M} UTC: {quoted(pause.reason)}"
