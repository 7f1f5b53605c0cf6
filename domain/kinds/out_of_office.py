"""Out of office: whether people's mailboxes answer by themselves, when, to whom, and with what.

Each mailbox is asked on its own (Graph docs: user-get-mailboxsettings), and no change is told, so
this is read slowly, and only where it is switched on. What people write into an answer is their
own: whoever sees this table sees it.
"""

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class OutOfOffice(NamedTuple):
    """The automatic replies of one mailbox."""

    person: Annotated[str, "object id"]
    status: Annotated[str, "`disabled`, `alwaysEnabled` or `scheduled`; `OofStatus`"]
    audience: Annotated[str | None, "`none`, `contactsOnly` or `all`; `OofAudience`"]
    start: Annotated[datetime | None, "where it is scheduled; `OofStartDate`"]
    end: Annotated[datetime | None, "where it is scheduled; `OofEndDate`"]
    internal: Annotated[str | None, "reply to colleagues, in HTML; `OofInternalMsg`"]
    external: Annotated[str | None, "reply to others, in HTML; `OofExternalMsg`"]


KIND = Kind(
    name="out_of_office",
    what="automatic replies of mailboxes",
    columns=columns_of(OutOfOffice),
    permissions=("User.Read.All", "MailboxSettings.Read"),
    every=timedelta(hours=12),
    budget=timedelta(minutes=8),
)
