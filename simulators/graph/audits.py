"""The audit log of memberships: who put whom into which group, or took them out.

Graph docs, directoryAudit; that the group is named by a changed property of the member, as JSON
inside a string, is what the live service answers.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

from simulators.graph.clock import Clock
from simulators.graph.directory import Directory
from simulators.graph.settings import Settings
from simulators.graph.wire import JsonObject

type Activity = Literal["Add member to group", "Remove member from group"]
ADDED: Activity = "Add member to group"
REMOVED: Activity = "Remove member from group"
TYPES = {"users": "User", "groups": "Group"}


@dataclass(frozen=True, slots=True)
class Audit:
    """One entry, readable from `visible_at`."""

    at: float
    visible_at: float
    document: JsonObject


class Audits:
    """An append-only list; what the API does is the application's, until somebody else acts."""

    def __init__(self, directory: Directory, settings: Settings, clock: Clock) -> None:
        self._directory = directory
        self._settings = settings
        self._clock = clock
        self._user_id: str | None = None
        self._entries: list[Audit] = []

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()

    @contextlib.contextmanager
    def by_hand(self, user_id: str | None = None) -> Iterator[None]:
        """While inside, everything is done by a user: this one, or the administrator."""
        self._user_id = user_id or self._settings.administrator_id
        try:
            yield
        finally:
            self._user_id = None

    def record(self, activity: Activity, group_id: str, member_id: str) -> None:
        """Write down that a membership began or ended."""
        now = self._clock.now()
        entry = self._document(activity, group_id, member_id, _precise(now))
        self._entries.append(Audit(now, now + self._settings.audit_delay, entry))

    def newest_first(self, start: int | None = None) -> Iterator[tuple[int, JsonObject]]:
        """Return positions and entries that can be read now, downward from `start`."""
        now = self._clock.now()
        first = len(self._entries) - 1 if start is None else min(start, len(self._entries) - 1)
        for position in range(first, -1, -1):
            entry = self._entries[position]
            if entry.visible_at <= now and entry.at >= now - self._settings.audit_retention:
                yield position, entry.document

    def _document(self, activity: Activity, group_id: str, member_id: str, at: str) -> JsonObject:
        return {
            "id": f"Directory_{uuid4()}",
            "category": "GroupManagement",
            "correlationId": str(uuid4()),
            "result": "success",
            "resultReason": "",
            "activityDisplayName": activity,
            "activityDateTime": at,
            "loggedByService": "Core Directory",
            "operationType": "Assign" if activity == ADDED else "Unassign",
            "initiatedBy": self._initiator(),
            "targetResources": [self._target(activity, group_id, member_id)],
            "additionalDetails": [],
        }

    def _initiator(self) -> JsonObject:
        if self._user_id is None:
            app = {
                "appId": None,
                "displayName": self._settings.application_name,
                "servicePrincipalId": str(UUID(self._settings.application_id)),
                "servicePrincipalName": None,
            }
            return {"user": None, "app": app}
        user = self._directory.users.get(self._user_id, {})
        name = user.get("userPrincipalName") or self._settings.administrator_name
        shown = {"id": self._user_id, "displayName": None, "userPrincipalName": name}
        return {"user": shown | {"ipAddress": None, "roles": []}, "app": None}

    def _target(self, activity: Activity, group_id: str, member_id: str) -> JsonObject:
        kind = self._directory.kind_of(member_id) or "users"
        member = self._directory.shelves[kind].items.get(member_id, {})
        name = self._directory.groups.get(group_id, {}).get("displayName")
        return {
            "id": member_id,
            "displayName": None,
            "type": TYPES[kind],
            "userPrincipalName": member.get("userPrincipalName"),
            "groupType": None,
            "modifiedProperties": [
                _modified(activity, "Group.ObjectID", group_id),
                _modified(activity, "Group.DisplayName", name),
            ],
        }


def _modified(activity: Activity, name: str, value: object) -> JsonObject:
    quoted = f'"{value}"'
    old, new = (None, quoted) if activity == ADDED else (quoted, None)
    return {"displayName": name, "oldValue": old, "newValue": new}


def _precise(seconds: float) -> str:
    """Return a moment with seven digits after the point, as this log has them."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
