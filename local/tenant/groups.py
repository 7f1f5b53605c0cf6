"""Groups as Graph shows them: one of each kind that Entra knows."""

from collections.abc import Iterable
from typing import Any

from local.tenant.identifiers import DOMAIN, fixed_id

type Resource = dict[str, Any]


def group_id(name: str) -> str:
    """Return the id of the group of this name; it is the same in every generated tenant."""
    return fixed_id("group", name)


def security_group(
    name: str, description: str, members: Iterable[str], **differences: Any
) -> Resource:
    """Return an assigned cloud security group; the differences replace or add properties."""
    return {
        "id": group_id(name),
        "displayName": name,
        "description": description,
        "groupTypes": [],
        "securityEnabled": True,
        "mailEnabled": False,
        "mail": None,
        "mailNickname": name.replace(" ", ""),
        "isAssignableToRole": None,
        "membershipRule": None,
        "membershipRuleProcessingState": None,
        "onPremisesSyncEnabled": None,
        "visibility": None,
        "createdDateTime": "2023-03-01T08:00:00Z",
        "assignedLicenses": [],
        "members": list(dict.fromkeys(members)),
        **differences,
    }


def dynamic(rule: str) -> Resource:
    """Return what makes a group dynamic; Entra, not the rule's reader, keeps its members."""
    return {
        "groupTypes": ["DynamicMembership"],
        "membershipRule": rule,
        "membershipRuleProcessingState": "On",
    }


def synced(account: str) -> Resource:
    """Return what shows that a group is mastered on-premises."""
    return {
        "onPremisesSyncEnabled": True,
        "onPremisesSamAccountName": account,
        "onPremisesDomainName": f"corp.{DOMAIN}",
        "onPremisesLastSyncDateTime": "2026-10-31T22:15:00Z",
    }


def with_mailbox(nickname: str) -> Resource:
    """Return what makes a group mail-enabled."""
    address = f"{nickname}@{DOMAIN}"
    return {"mailEnabled": True, "mail": address, "mailNickname": nickname}
