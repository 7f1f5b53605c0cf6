"""When people of the generated tenant last signed in; some never did, and some long ago."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from random import Random

from local.tenant.employment import TODAY
from local.tenant.groups import Resource

_MORNING = datetime.combine(TODAY, time(7, 30), UTC)
_NEVER = 0.04
_LONG_AGO = 0.06
"""The part of the enabled whose last sign-in is over 90 days ago."""


def sign_in(users: Iterable[Resource], draw: Random) -> None:
    """Give people their sign-in activity (Graph docs: resources/signInActivity)."""
    for user in users:
        chance, late, minutes = draw.random(), draw.random(), int(draw.random() * 600)
        if chance < _NEVER or _starts_later(user):
            continue
        days = _days(chance, late, enabled=user["accountEnabled"])
        moment = _MORNING - timedelta(days=days) + timedelta(minutes=minutes)
        text = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        user["signInActivity"] = {
            "lastSignInDateTime": text,
            "lastNonInteractiveSignInDateTime": text,
            "lastSuccessfulSignInDateTime": text,
        }


def _days(chance: float, late: float, *, enabled: bool) -> int:
    if not enabled:
        return 20 + int(late * 500)
    if chance < _NEVER + _LONG_AGO:
        return 91 + int(late * 300)
    return 1 + int(late * late * 30)


def _starts_later(user: Resource) -> bool:
    return str(user.get("employeeHireDate") or "")[:10] > TODAY.isoformat()
