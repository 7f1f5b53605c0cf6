"""Sign-in activity: when each person last signed in.

Entra tells it only to tenants with a premium license, and hours late (Graph docs:
resources/signInActivity). Who never signed in has no row.
"""

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class SignIns(NamedTuple):
    """One person's latest sign-ins."""

    person: Annotated[str, "object id"]
    interactive: Annotated[datetime | None, "latest attempt by hand, successful or not"]
    non_interactive: Annotated[datetime | None, "latest attempt by an app on her behalf"]
    successful: Annotated[datetime | None, "latest that succeeded; unknown before December 2023"]


KIND = Kind(
    name="sign_ins",
    what="when people last signed in; may lag by hours",
    columns=columns_of(SignIns),
    permissions=("AuditLog.Read.All", "User.Read.All"),
    every=timedelta(hours=24),
    budget=timedelta(minutes=8),
    flag="EnableSignInActivityInventory",
)
