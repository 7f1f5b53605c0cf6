"""Hold an approved plan until the add-ons that need the bundle are gone; it goes as approved."""

from domain.guards.case import Case
from domain.plan import Plan

RELEASABLE = False


def judge(plan: Plan, case: Case) -> str | None:
    """The approval stands, and the compile that finds the add-ons gone sends the plan."""
    if not case.draft.after:
        return None
    return f"Approved, and sent as soon as {case.draft.after} is gone, which needs it."
