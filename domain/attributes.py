"""The attributes of a person that a rule can name, and where Graph keeps each.

Names on the left are those of Entra's dynamic-membership rules; on the right, the property of
Graph's `user` resource (Graph docs: migrate-azure-ad-graph-property-differences, resources/user).
"""

import re
from collections.abc import Iterable
from enum import StrEnum


class Kind(StrEnum):
    """The type of an attribute's values."""

    TEXT = "text"
    FLAG = "flag"
    DATE = "date"
    """An instant, kept as the text Graph sends."""
    TEXTS = "texts"
    """A collection of texts, empty where there is none."""
    PLANS = "plans"
    """A collection of assigned service plans."""


_TEXT = {
    "city": "city",
    "companyName": "companyName",
    "country": "country",
    "department": "department",
    "displayName": "displayName",
    "employeeId": "employeeId",
    "facsimileTelephoneNumber": "faxNumber",
    "givenName": "givenName",
    "jobTitle": "jobTitle",
    "mail": "mail",
    "mailNickName": "mailNickname",
    "mobile": "mobilePhone",
    "objectId": "id",
    "onPremisesDistinguishedName": "onPremisesDistinguishedName",
    "onPremisesSecurityIdentifier": "onPremisesSecurityIdentifier",
    "passwordPolicies": "passwordPolicies",
    "physicalDeliveryOfficeName": "officeLocation",
    "postalCode": "postalCode",
    "preferredLanguage": "preferredLanguage",
    "sipProxyAddress": "imAddresses",
    "state": "state",
    "streetAddress": "streetAddress",
    "surname": "surname",
    "telephoneNumber": "businessPhones",
    "usageLocation": "usageLocation",
    "userPrincipalName": "userPrincipalName",
    "userType": "userType",
} | {
    f"extensionAttribute{n}": f"onPremisesExtensionAttributes.extensionAttribute{n}"
    for n in range(1, 16)
}

_FLAG = {"accountEnabled": "accountEnabled", "dirSyncEnabled": "onPremisesSyncEnabled"}
_DATE = {"employeeHireDate": "employeeHireDate"}
_TEXTS = {"otherMails": "otherMails", "proxyAddresses": "proxyAddresses"}

MANAGER = "manager"
"""The object id of the person's manager; rules ask for it as `Direct Reports for "…"`."""

_ON_DEMAND = {"assignedPlans": "assignedPlans", MANAGER: "manager.id"}

SOURCES: dict[str, str] = _TEXT | _FLAG | _DATE | _TEXTS
"""Rule name -> path into Graph's user resource, of what is always inventoried. The parts of a path
are divided by a dot; where Graph keeps a collection for a text, its first item is meant."""

_KINDS: dict[str, Kind] = (
    dict.fromkeys(_TEXT, Kind.TEXT)
    | dict.fromkeys(_FLAG, Kind.FLAG)
    | dict.fromkeys(_DATE, Kind.DATE)
    | dict.fromkeys(_TEXTS, Kind.TEXTS)
    | {"assignedPlans": Kind.PLANS, MANAGER: Kind.TEXT}
)

_REPLIES = "outOfOffice."
REPLIES = {
    "status": f"{_REPLIES}status",
    "externalAudience": f"{_REPLIES}audience",
    "scheduledStartDateTime": f"{_REPLIES}start",
    "scheduledEndDateTime": f"{_REPLIES}end",
    "internalReplyMessage": f"{_REPLIES}internal",
    "externalReplyMessage": f"{_REPLIES}external",
}
"""Part of a mailbox's `automaticRepliesSetting` -> the attribute it is; see kinds/out_of_office.

They are no properties of a user: only a mapped attribute of a rule comes from one."""

_EXTENSION = re.compile(r"extension_([0-9a-f]{32})_(\w+)", re.IGNORECASE)

NAMES = tuple(name for name in _KINDS if name != MANAGER)
"""What a rule can name, besides custom extension properties."""

_BY_LOWER = {name.lower(): name for name in NAMES}


def canonical(name: str) -> str | None:
    """Return the attribute's name in its own spelling, or None if there is no such attribute.

    Letter case is ignored: Microsoft's own examples spell the same property in several ways.
    """
    if found := _EXTENSION.fullmatch(name):
        return f"extension_{found[1].lower()}_{found[2]}"
    return _BY_LOWER.get(name.lower())


def is_custom(name: str) -> bool:
    """Tell whether an attribute is a custom extension property.

    Of these a rule may spell the name in other letter case than Entra, and Graph leaves those out
    that nobody set.
    """
    return name.startswith("extension_")


def kind_of(name: str) -> Kind:
    """Return the kind of an attribute; custom extension properties are texts."""
    return _KINDS.get(name, Kind.TEXT)


def on_demand(names: Iterable[str]) -> frozenset[str]:
    """Return those of the attributes that are inventoried only once a stored rule names them.

    They are custom extension properties, of which a tenant may have any number; the service plans,
    which are the larger part of a user; and the manager.
    """
    return frozenset(name for name in names if name not in SOURCES and not is_reply(name))


def is_reply(name: str) -> bool:
    """Tell whether an attribute is of automatic replies, which are read on their own."""
    return name.startswith(_REPLIES)


def source_of(name: str) -> str:
    """Return the path of an attribute into Graph's user resource."""
    return SOURCES.get(name) or _ON_DEMAND.get(name, name)
