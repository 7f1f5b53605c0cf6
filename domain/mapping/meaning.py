"""What a source path means in Graph's user resource, or why it has no meaning there.

Sources: Entra docs, entra-id-scim-api-schema-documentation (what each SCIM attribute is in the
directory) and customize-application-attributes, use-scim-to-provision-users-and-groups (what Entra
sends as which by default: `externalId` is the mail nickname, the office is the formatted address);
Graph docs, resources/user, resources/mailboxsettings. SCIM's own words: RFC 7643, 4.1 and 4.3.
"""

from dataclasses import dataclass
from difflib import get_close_matches

from domain.attributes import MANAGER, NAMES, REPLIES, SOURCES, canonical
from domain.errors import Never
from domain.mapping.path import Path

PROPERTIES = (
    "ageGroup",
    "consentProvidedForMinor",
    "createdDateTime",
    "creationType",
    "employeeOrgData.costCenter",
    "employeeOrgData.division",
    "employeeType",
    "externalUserState",
    "externalUserStateChangeDateTime",
    "isResourceAccount",
    "onPremisesDomainName",
    "onPremisesImmutableId",
    "onPremisesLastSyncDateTime",
    "onPremisesSamAccountName",
    "onPremisesUserPrincipalName",
    "preferredDataLocation",
    "showInAddressList",
)
"""Properties of Graph's user that no rule of Entra's can name, and that come with its changes."""

_GRAPH = (
    {name.lower(): name for name in NAMES if name in SOURCES}
    | {path.lower(): name for name, path in SOURCES.items()}
    | {path.lower(): path for path in PROPERTIES}
    | {"manager": MANAGER, "manager.id": MANAGER}
)
"""Property of Graph's user -> the attribute it is inventoried as."""

_SCIM = {
    "active": "accountEnabled",
    "addresses[other].formatted": "physicalDeliveryOfficeName",
    "addresses[work].country": "country",
    "addresses[work].formatted": "physicalDeliveryOfficeName",
    "addresses[work].locality": "city",
    "addresses[work].postalcode": "postalCode",
    "addresses[work].region": "state",
    "addresses[work].streetaddress": "streetAddress",
    "emails[other].value": "otherMails",
    "emails[work].value": "mail",
    "externalid": "mailNickName",
    "ims[work].value": "sipProxyAddress",
    "name": "displayName",
    "name.familyname": "surname",
    "name.formatted": "displayName",
    "name.givenname": "givenName",
    "phonenumbers[fax].value": "facsimileTelephoneNumber",
    "phonenumbers[mobile].value": "mobile",
    "phonenumbers[work].value": "telephoneNumber",
    "startdatetime": "employeeHireDate",
    "title": "jobTitle",
    "username": "userPrincipalName",
    "enterprise:costcenter": "employeeOrgData.costCenter",
    "enterprise:department": "department",
    "enterprise:division": "employeeOrgData.division",
    "enterprise:employeenumber": "employeeId",
    "enterprise:manager": MANAGER,
    "enterprise:manager.value": MANAGER,
    "enterprise:organization": "companyName",
}

_OWN = (
    " Where people have it, keep it in an extension attribute and map that, as in"
    " extensionAttribute7."
)
_ONE_BY_ONE = "Graph tells this of one person at a time only, so an inventory cannot have it."
_ABSENT = {
    "description": f"Graph's user has no description.{_OWN}",
    "enddatetime": (
        "Graph shows the day someone leaves (employeeLeaveDateTime) only with the permission"
        f" User-LifeCycleInfo.Read.All, which Seatflow does not ask for.{_OWN}"
    ),
    "name.honorificprefix": f"Graph's user has no honorific prefix.{_OWN}",
    "name.honorificsuffix": f"Graph's user has no honorific suffix.{_OWN}",
    "name.middlename": f"Graph's user has no middle name.{_OWN}",
    "phonenumbers[home].value": f"Graph's user has no telephone at home.{_OWN}",
    "phonenumbers[other].value": (
        f"Graph's user has business telephones, a mobile one and a fax, and no other number.{_OWN}"
    ),
    "photos[work].value": "Graph has a person's photo as an image, and no address of it.",
    "profileurl": _ONE_BY_ONE,
    "mysite": _ONE_BY_ONE,
    "aboutme": _ONE_BY_ONE,
    "employeeleavedatetime": (
        "Graph shows it only with the permission User-LifeCycleInfo.Read.All, which Seatflow does"
        f" not ask for.{_OWN}"
    ),
}

_REPLIES = "mailboxsettings.automaticrepliessetting."
_OUT_OF_OFFICE = {path.lower(): attribute for path, attribute in REPLIES.items()}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a mapped attribute comes from."""

    path: str
    """As it was written."""
    attribute: str
    """What it is inventoried as; empty where Graph has no such thing."""
    because: str = ""
    """Why there is none, in a sentence with what to do."""


def source_of_path(path: Path) -> Source:
    """Return what a path means.

    Raises:
        Never: neither Graph nor SCIM has such a thing; the fix names what was perhaps meant.
    """
    key = path.key.removeprefix("onpremises:").replace("email[", "emails[")
    if reply := _OUT_OF_OFFICE.get(key.removeprefix(_REPLIES)):
        return Source(path.text, reply)
    if key in _ABSENT:
        return Source(path.text, "", _ABSENT[key])
    found = _GRAPH.get(key) or _SCIM.get(key) or _custom(path)
    if not found:
        raise Never(f"Neither Graph's user nor SCIM has {path.text!r}.", _advice(key))
    return Source(path.text, found)


def _custom(path: Path) -> str | None:
    name = path.steps[0]
    return (
        canonical(name) if len(path.steps) == 1 and name.lower().startswith("extension_") else None
    )


def _advice(key: str) -> str:
    shown = {name.lower(): name for name in (*SOURCES.values(), *PROPERTIES)}
    near = get_close_matches(key, [*shown, *_SCIM], 1)
    meant = f"Did you mean {shown.get(near[0], near[0])}? " if near else ""
    return f"{meant}docs/mapping.md lists what there is."
