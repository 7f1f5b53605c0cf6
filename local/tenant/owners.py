"""Who owns the groups of the generated tenant.

The chief information security officer owns what hands out licenses or roles, and the first person
in it every other cloud group; groups from elsewhere have no owner in Entra, nor do dynamic ones.
"""

from collections.abc import Iterable

from local.tenant.cast import CAST
from local.tenant.groups import Resource

_SECURITY = next(role.id for role in CAST if role.nickname == "noor.whitfield")


def own(groups: Iterable[Resource], people: Iterable[Resource]) -> None:
    """Give groups their owners."""
    ids = {user["id"] for user in people if user["userType"] == "Member"}
    for group in groups:
        group["owners"] = _owners(group, ids)


def _owners(group: Resource, people: set[str]) -> list[str]:
    elsewhere = group["onPremisesSyncEnabled"] or (
        group["mailEnabled"] and "Unified" not in group["groupTypes"]
    )
    if elsewhere or "DynamicMembership" in group["groupTypes"]:
        return []
    if group["assignedLicenses"] or group["isAssignableToRole"]:
        return [_SECURITY]
    return [member for member in group["members"] if member in people][:1]
