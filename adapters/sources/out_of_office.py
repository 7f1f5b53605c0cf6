"""Automatic replies of every mailbox (docs: user-list, user-get-mailboxsettings, json-batching).

Enabled members with a mail address are asked, twenty a batch. Whoever turns out to have no mailbox
in the cloud has no row, and so is unknown to rules; a mailbox that cannot answer now stops
the read, which goes on from there.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from adapters.graph.batch import Call, post_all
from adapters.graph.deletions import checked
from adapters.graph.errors import error_of
from adapters.graph.paging import Json
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply
from adapters.sources.reach import Reach, moment
from adapters.sources.stages import Stage, pages_of
from domain.kinds.out_of_office import KIND, OutOfOffice
from domain.ports import FactsPage

_START = "/users?$select=id,mail,userType,accountEnabled&$top=200"
"""Ten batches a page, so that little is asked again where a read goes on."""
_READ_PEOPLE, _READ_MAILBOXES = KIND.permissions
_NO_MAILBOX = frozenset({"MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI"})


async def pages(reach: Reach, link: str | None) -> AsyncIterator[FactsPage]:
    """Yield the automatic replies of every mailbox."""
    stage = Stage(_START, _READ_PEOPLE, lambda item: ())
    async for items, following in pages_of(reach.graph, stage, link):
        people = [checked(user["id"]) for user in items if _may_have_mailbox(user)]
        calls = [
            Call("GET", f"/users/{person}/mailboxSettings/automaticRepliesSetting")
            for person in people
        ]
        replies = await post_all(reach.graph, calls, _READ_MAILBOXES, priority=Priority.LOW)
        yield FactsPage(_rows(people, replies), following)


def _may_have_mailbox(user: Json) -> bool:
    return bool(user.get("mail") and user.get("accountEnabled") and user.get("userType") != "Guest")


def _rows(people: Sequence[str], replies: Sequence[Reply]) -> list[OutOfOffice]:
    found = []
    for person, reply in zip(people, replies, strict=True):
        if reply.status == 404 or reply.code in _NO_MAILBOX:
            continue
        if not reply.ok:
            raise error_of(reply, _READ_MAILBOXES)
        setting = reply.whole()
        if setting.get("status"):  # without one nobody knows, as of who has no mailbox
            found.append(_row(person, setting))
    return found


def _row(person: str, setting: Json) -> OutOfOffice:
    return OutOfOffice(
        person=person,
        status=str(setting["status"]),
        audience=setting.get("externalAudience"),
        start=_at(setting.get("scheduledStartDateTime")),
        end=_at(setting.get("scheduledEndDateTime")),
        internal=setting.get("internalReplyMessage") or None,
        external=setting.get("externalReplyMessage") or None,
    )


def _at(value: Json | None) -> datetime | None:
    """Return a moment that Graph tells in UTC unless it is asked for another zone."""
    return moment((value or {}).get("dateTime")) if (value or {}).get("timeZone") == "UTC" else None
