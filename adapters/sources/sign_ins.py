"""Sign-in activity of everyone (docs: user-list, resources/signInActivity).

Pages have at most 500 people, on an older Graph 120, and reading counts against the limit of
reports. Who never signed in comes without the property.
"""

from collections.abc import AsyncIterator

from adapters.graph.errors import error_of
from adapters.graph.paging import Json
from adapters.graph.reply import Reply
from adapters.sources.reach import Reach, moment
from adapters.sources.stages import Stage, read
from domain.errors import Later, Never, SeatflowError
from domain.kinds.sign_ins import KIND, SignIns
from domain.ports import FactsPage

_PEOPLE = "/users?$select=id,signInActivity"
_LARGE, _SMALL = "&$top=500", "&$top=120"
_NOT_PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
_WINDOW = 10.0
"""Seconds over which the limit counts."""


def pages(reach: Reach, link: str | None) -> AsyncIterator[FactsPage]:
    """Yield the sign-ins of those who ever signed in."""
    stage = Stage(
        _PEOPLE + _LARGE,
        " and ".join(KIND.permissions),
        _rows,
        smaller=_PEOPLE + _SMALL,
        error=_error,
        pace=reach.reports,
    )
    return read(reach.graph, [stage], link)


def _error(reply: Reply, permission: str) -> SeatflowError:
    if reply.code == _NOT_PREMIUM:
        return Never(
            "Entra tells sign-ins only to tenants with Entra ID P1 or P2; this one has neither.",
            f"Set {KIND.switch}=off until it has.",
        )
    if reply.status == 429 and "retry-after" not in reply.headers:
        return Later(f"The limit of reports is used up: {reply.described()}.", _WINDOW)
    return error_of(reply, permission)


def _rows(user: Json) -> list[SignIns]:
    activity = user.get("signInActivity")
    if not activity:
        return []
    row = SignIns(
        person=user["id"],
        interactive=moment(activity.get("lastSignInDateTime")),
        non_interactive=moment(activity.get("lastNonInteractiveSignInDateTime")),
        successful=moment(activity.get("lastSuccessfulSignInDateTime")),
    )
    return [row]
