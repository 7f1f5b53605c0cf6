"""Hold a plan that rests on an old inventory: what it says may long have changed."""

from datetime import timedelta

from domain.guards.case import Case
from domain.plan import Plan

RELEASABLE = False
OLDEST = timedelta(hours=6)


def judge(plan: Plan, case: Case) -> str | None:
    """Look at the age of the snapshot once there is something to change."""
    age = case.now - case.snapshot.taken_at
    if not plan.changes or age <= OLDEST:
        return None
    hours = age / timedelta(hours=1)
    return (
        f"The inventory is {hours:.0f} hours old; at most {OLDEST / timedelta(hours=1):.0f} are"
        " trusted. See why the inventory fails."
    )
