"""Who may be put into or taken out of a group, and what Graph says when not."""

import re
from collections.abc import Collection

from simulators.graph import errors, permissions
from simulators.graph.audits import ADDED, REMOVED, Audits
from simulators.graph.directory import Directory
from simulators.graph.replica import Replica
from simulators.graph.settings import Settings
from simulators.graph.tenant import is_guid
from simulators.graph.wire import JsonObject

MOST_REFERENCES = 20
_REFERENCE = re.compile(
    r".*/(?:directoryObjects|users|groups|devices|servicePrincipals?|orgContacts?)"
    r"(?:/|\(')(?P<id>[^/()']+)(?:'\))?$"
)


class Membership:
    """Adds and removes members of one directory's groups."""

    def __init__(
        self, directory: Directory, replica: Replica, settings: Settings, audits: Audits
    ) -> None:
        self._directory = directory
        self._replica = replica
        self._settings = settings
        self._audits = audits

    def add(self, group_id: str, references: Collection[object]) -> None:
        """Add all that are referenced or none of them; raise the first thing wrong."""
        if len(references) > MOST_REFERENCES:
            raise errors.too_many_references()
        members = [referenced(reference, "members") for reference in references]
        group = self._writable(group_id)
        if self._replica.not_yet_known("groups", group_id):
            raise errors.source_not_replicated()
        for member_id in members:
            self._check_new(group, member_id)
        self._check_quota(group_id, len(members))
        present = self._directory.members[group_id]
        if len(set(members)) < len(members) or any(member in present for member in members):
            raise errors.already_member()
        self._directory.add_members(group_id, members)
        for member_id in members:
            self._audits.record(ADDED, group_id, member_id)

    def remove(self, group_id: str, member_id: str) -> None:
        """Remove one; an unknown group looks just like somebody who is no member."""
        if not is_guid(group_id):
            raise errors.invalid_object_identifier(group_id)
        if group_id not in self._directory.groups:
            raise errors.not_found(member_id)
        self._writable(group_id)
        if self._replica.just_removed(group_id, member_id):
            raise errors.just_removed()
        if member_id not in self._directory.members[group_id]:
            raise errors.not_found(member_id)
        self._directory.remove_member(group_id, member_id)
        self._audits.record(REMOVED, group_id, member_id)

    def _writable(self, group_id: str) -> JsonObject:
        """Return a group whose members may be written by this application."""
        if not is_guid(group_id):
            raise errors.invalid_object_identifier(group_id)
        group = self._directory.groups.get(group_id)
        if group is None:
            raise errors.not_found(group_id)
        types = group.get("groupTypes") or ()
        if "DynamicMembership" in types:
            raise errors.denied()
        if group.get("onPremisesSyncEnabled"):
            raise errors.synced_group()
        if group.get("mailEnabled") and "Unified" not in types:
            raise errors.mail_enabled_group()
        if group.get("isAssignableToRole"):
            permissions.require(self._settings.granted, permissions.WRITE_ROLE_ASSIGNABLE)
        return group

    def _check_new(self, group: JsonObject, member_id: str) -> None:
        user = self._directory.users.get(member_id)
        nested = self._directory.groups.get(member_id)
        unified = "Unified" in (group.get("groupTypes") or ())
        if user is None and nested is None:
            raise errors.not_found(member_id)
        if nested and (unified or "Unified" in (nested.get("groupTypes") or ())):
            raise errors.unsupported_reference()
        guest = user is not None and user.get("userType") == "Guest"
        if guest and unified and not self._settings.guests_in_microsoft_365_groups:
            raise errors.guest_not_allowed()

    def _check_quota(self, group_id: str, adding: int) -> None:
        """Duplicates count, so a PATCH may fail where single adds would pass."""
        would_be = len(self._directory.members[group_id]) + adding
        if self._settings.member_quota and would_be > self._settings.member_quota:
            raise errors.member_quota(would_be, self._settings.member_quota)


def referenced(reference: object, link: str) -> str:
    """Return the object id in a reference's address; raise the 400 for what is none."""
    match = _REFERENCE.match(reference) if isinstance(reference, str) else None
    if match is None or not is_guid(match["id"]):
        raise errors.unsupported_reference(link)
    return match["id"].lower()
