"""Permissions: each feature's Graph permissions, tried by a call that changes nothing.

What would write is asked of a person that does not exist: Graph denies it where the permission is
missing, and does not find her where it is there. A dry run tries no such call.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.checks.around import Around
from adapters.checks.identity import VISIT
from adapters.graph.client import GraphClient
from adapters.graph.deletions import is_object_id, removal
from adapters.graph.errors import error_of
from domain.doctor import Observation, Subject, error, fine, note, warning
from domain.errors import Later
from domain.permissions import FEATURES, OWN, ROLES, Feature

NAME, PAGE, PLACE = "permissions", "docs/security.md", 30

NOBODY = "00000000-0000-0000-0000-000000000000"
MOST_TARGETS = 50
"""Target groups that are tried; each takes one write of Graph's quota."""

_DENIED = 403
"""With codes of their own for reports, so the code does not matter here."""

type Call = tuple[str, str, Mapping[str, Any] | None]

CALLS: Mapping[str, Call] = {
    "User.Read.All": ("GET", "/users?$top=1&$select=id", None),
    "GroupMember.Read.All": ("GET", "/groups?$top=1&$select=id", None),
    "Group.Read.All": ("GET", "/groups?$top=1&$select=id", None),
    "LicenseAssignment.Read.All": ("GET", "/subscribedSkus", None),
    "Organization.Read.All": ("GET", "/organization", None),
    "AuditLog.Read.All": ("GET", "/auditLogs/directoryAudits?$top=1", None),
    "MailboxSettings.Read": (
        "GET",
        f"/users/{NOBODY}/mailboxSettings/automaticRepliesSetting",
        None,
    ),
    "Reports.Read.All": ("GET", "/reports/getOffice365ActiveUserDetail(period='D7')", None),
    "GroupMember.ReadWrite.All": ("DELETE", removal(NOBODY, NOBODY), None),
    "LicenseAssignment.ReadWrite.All": (
        "POST",
        f"/users/{NOBODY}/assignLicense",
        {"addLicenses": [], "removeLicenses": []},
    ),
    "User.ReadWrite.All": ("POST", f"/users/{NOBODY}/reprocessLicenseAssignment", None),
}
"""For each permission a call that needs it at least. Graph lets the groups be read with either of
two permissions; what tells them apart is a subscription only, so `watch` is seen by its watches."""

_GRANT = "Grant it: python -m infra.graph_permissions"


async def look(around: Around, subject: Subject) -> Sequence[Observation]:
    """Try each permission once, and say for which features it is missing.

    Raises:
        Later: Graph cannot answer now.
    """
    client, visit = around.graph(), around.settings.visiting
    writes = around.settings.mode == "live" and not visit
    looked_at = [each for each in FEATURES.values() if each.name in subject.features or each in OWN]
    wanted = {name for each in looked_at for name in each.permissions}
    tried = {name for name in wanted if writes or CALLS[name][0] == "GET"}
    denied = {name for name in sorted(tried) if await _is_denied(client, CALLS[name])}
    found = [
        _missing(each, sorted(denied & {*each.permissions}), each.name in subject.features, visit)
        for each in looked_at
        if each.name != "members" and denied & {*each.permissions}
    ]
    if "members" in subject.features:
        found += await _targets(client, subject, "GroupMember.ReadWrite.All" in denied)
    return found or [fine(f"All {len(tried)} permissions that were tried are granted.")]


def _missing(feature: Feature, permissions: Sequence[str], on: bool, visit: bool) -> Observation:
    lacks = f"{' and '.join(permissions)} is missing to {feature.what}"
    fix = _person(permissions) if visit else f"{_GRANT}."
    if not feature.without:
        return error(f"{lacks}, and nothing works without it. {fix}")
    if on:
        return warning(f"{lacks}: {feature.without}. {fix}")
    more = fix if visit else f"{_GRANT[10:]} --with {feature.name}."
    return note(f"{lacks}: {feature.without}. If you want it: {more}")


def _person(permissions: Sequence[str]) -> str:
    """Return what somebody who is signed in would need for what an application has permissions."""
    if not {*permissions} <= {*ROLES}:
        return "No sign-in of a person can; a deployed app can."
    roles = " and ".join(sorted({ROLES[each] for each in permissions}))
    return (
        f"A person needs the role {roles} or Global Reader, and to be signed in through an"
        f" application that may do it for her: {VISIT}."
    )


async def _targets(client: GraphClient, subject: Subject, denied: bool) -> list[Observation]:
    """Look which targets can be written where writing all groups is not granted."""
    if not denied:
        return []
    targets = [target for target in subject.targets if is_object_id(target)][:MOST_TARGETS]
    closed = [
        target
        for target in targets
        if await _is_denied(client, ("DELETE", removal(target, NOBODY), None))
    ]
    if targets and not closed:
        return [fine(f"The identity may write each of its {len(targets)} target groups.")]
    which = f"target group {closed[0]} and {len(closed) - 1} more" if closed else "license groups"
    return [
        error(
            f"GroupMember.ReadWrite.All is missing to write {which}: make the identity an owner of"
            f" each, or grant it: {_GRANT[10:]}."
        )
    ]


async def _is_denied(client: GraphClient, call: Call) -> bool:
    method, path, body = call
    reply = await client.send(method, path, body, room=True)
    if reply.ok:
        return False
    problem = error_of(reply, "")
    if isinstance(problem, Later):
        raise problem
    return reply.status == _DENIED
