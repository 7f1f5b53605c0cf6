"""The attributes of a person that a rule can name, and where Graph keeps each.

Names on the left are those of Entra's dynamic-membership rules; on the right, the property of
Graph's `user` resource (Graph docs: migrate-azure-ad-graph-property-differences, resources/user).
"""

from enum import StrEnum


class Kind(StrEnum):
    """The type of an attribute's values."""

    TEXT = "text"
    FLAG = "flag"


_TEXT = {
    "city": "city",
    "companyName": "companyName",
    "country": "country",
    "department": "department",
    "displayName": "displayName",
    "employeeId": "employeeId",
    "employeeType": "employeeType",
    "givenName": "givenName",
    "jobTitle": "jobTitle",
    "mail": "mail",
    "mailNickName": "mailNickname",
    "mobile": "mobilePhone",
    "objectId": "id",
    "physicalDeliveryOfficeName": "officeLocation",
    "postalCode": "postalCode",
    "preferredLanguage": "preferredLanguage",
    "state": "state",
    "streetAddress": "streetAddress",
    "surname": "surname",
    "usageLocation": "usageLocation",
    "userPrincipalName": "userPrincipalName",
    "userType": "userType",
} | {
    f"extensionAttribute{n}": f"onPremisesExtensionAttributes.extensionAttribute{n}"
    for n in range(1, 16)
}

_FLAG = {"accountEnabled": "accountEnabled", "dirSyncEnabled": "onPremisesSyncEnabled"}

SOURCES: dict[str, str] = _TEXT | _FLAG
"""Rule name -> path into Graph's user resource, parts divided by a dot."""

KINDS: dict[str, Kind] = dict.fromkeys(_TEXT, Kind.TEXT) | dict.fromkeys(_FLAG, Kind.FLAG)

_BY_LOWER = {name.lower(): name for name in SOURCES}


def canonical(name: str) -> str | None:
    """Return the attribute's name in its own spelling, or None if there is no such attribute.

    Letter case is ignored: Microsoft's own examples spell the same property in several ways.
    """
    return _BY_LOWER.get(name.lower())
