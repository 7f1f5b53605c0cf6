"""Who changed a group's members, as the audit log says (docs: directoryaudit-list).

The log has a limit of its own, five requests in ten seconds for the app in a tenant (Graph docs:
throttling-limits, identity and access reports), and keeps 7 days, or 30 with Entra ID P1 or P2.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from adapters.graph.client import GraphClient
from adapters.graph.deletions import is_object_id
from adapters.graph.paging import Json, rest_of
from adapters.graph.permissions import READ_AUDITS
from adapters.graph.reply import Reply
from domain.errors import Forbidden, Later
from domain.ports import MembershipLog

ADDED, REMOVED = "Add member to group", "Remove member from group"
MOST = 999
_WINDOW = 10.0
"""Seconds over which the log's own limit counts."""
_GROUP_ID = "Group.ObjectID"


async def membership_log(
    client: GraphClient, group: str, since: datetime
) -> Sequence[MembershipLog]:
    """Return who put whom into a group or took her out, oldest first.

    Graph cannot be asked for one group's entries by documented filters, so all groups' are read.

    Raises:
        Forbidden: the identity may not read the audit log.
        Later: Graph cannot answer now.
    """
    if not is_object_id(group):
        return ()  # what is no object id names no group
    first = await client.send("GET", _address(since))
    _refuse(first)
    audits = await rest_of(client, first, READ_AUDITS)
    entries = [entry for audit in audits for entry in _entries(audit, group.lower())]
    # Graph is asked by the second.
    return sorted((one for one in entries if one.at >= since), key=lambda one: one.at)


def _address(since: datetime) -> str:
    moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    activities = " or ".join(f"activityDisplayName eq '{name}'" for name in (ADDED, REMOVED))
    condition = quote(f"activityDateTime ge {moment} and ({activities})", safe="():'")
    return f"/auditLogs/directoryAudits?$filter={condition}&$top={MOST}"


def _refuse(reply: Reply) -> None:
    """Tell the log's own two refusals; it has another code for them than the directory."""
    if reply.status == 403:
        raise Forbidden(
            f"Graph denied reading the audit log: {reply.described()}.",
            f"Grant the app's identity the application permission {READ_AUDITS}.",
        )
    if reply.status == 429 and "retry-after" not in reply.headers:
        raise Later(f"The audit log's own limit is used up: {reply.described()}.", _WINDOW)


def _entries(audit: Json, group: str) -> Iterator[MembershipLog]:
    added = audit.get("activityDisplayName") == ADDED
    if audit.get("result") not in (None, "success") or group not in _groups(audit):
        return
    for target in audit.get("targetResources") or ():
        person = str(target.get("id") or "")
        if target.get("type") == "User" and is_object_id(person):
            yield MembershipLog(_moment(audit), person, added, _initiator(audit))


def _groups(audit: Json) -> set[str]:
    """Return the groups an entry is about.

    Each is named by a changed property of the member, whose value is JSON inside a string; some
    tenants' entries list the group as a target, too.
    """
    targets = audit.get("targetResources") or ()
    found = {str(target.get("id")).lower() for target in targets if target.get("type") == "Group"}
    for target in targets:
        for change in target.get("modifiedProperties") or ():
            if change.get("displayName") == _GROUP_ID:
                found |= {_unquoted(change.get(side)) for side in ("oldValue", "newValue")}
    return found


def _unquoted(value: object) -> str:
    if not isinstance(value, str):
        return ""
    try:
        inner = json.loads(value)
    except ValueError:
        inner = value
    return str(inner).lower()


def _initiator(audit: Json) -> str:
    by = audit.get("initiatedBy") or {}
    user, app = by.get("user") or {}, by.get("app") or {}
    return str(user.get("id") or app.get("displayName") or "")


def _moment(audit: Json) -> datetime:
    try:
        return datetime.fromisoformat(str(audit.get("activityDateTime"))).astimezone(UTC)
    except ValueError as error:
        raise Later("Graph gave an audit entry without a moment.", _WINDOW) from error
