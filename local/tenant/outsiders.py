"""Accounts that are nobody's first: guests, service accounts, admin accounts, shared mailboxes."""

from collections.abc import Sequence
from random import Random
from typing import Any

from local.tenant.cast import CAST
from local.tenant.countries import BY_NAME, pick, pick_country, pick_name
from local.tenant.groups import Resource
from local.tenant.identifiers import INITIAL_DOMAIN, drawn_id
from local.tenant.mailboxes import Nicknames, addresses
from local.tenant.staff import Employee

PARTNERS = (
    ("Fabrikam", "fabrikam.com"),
    ("Northwind Traders", "northwindtraders.com"),
    ("Adatum", "adatum.com"),
    ("Litware", "litwareinc.com"),
)
_SERVICES = ("backup", "monitoring", "payroll-export", "scanner", "crm-sync", "build", "reporting")
_SHARED = ("info", "orders", "invoices", "support", "careers", "press", "facilities", "returns")


def invite(count: int, draw: Random, nicknames: Nicknames) -> list[Resource]:
    """Return so many guests; the first ones are those of the cast."""
    cast = [role for role in CAST if not role.department]
    guests = [
        {"id": role.id}
        | _guest(role.given, role.surname, role.nickname, PARTNERS[0], role.country)
        | {"jobTitle": role.title, "createdDateTime": "2024-05-06T09:00:00Z"}
        for role in cast
    ]
    while len(guests) < count:
        country = pick_country(draw)
        given, surname = pick_name(draw, country)
        guest: Resource = {"id": drawn_id(draw)}
        guest |= _guest(given, surname, nicknames.of(given, surname), pick(draw, PARTNERS), None)
        guest["accountEnabled"] = draw.random() >= 0.02
        guest["createdDateTime"] = f"202{int(draw.random() * 6)}-06-15T09:00:00Z"
        guests.append(guest)
    return guests


def create_services(count: int, draw: Random) -> list[Resource]:
    """Return so many service accounts: enabled, without a department or an employee id."""
    return [
        _account(draw, f"svc-{_SERVICES[i % len(_SERVICES)]}-{i // len(_SERVICES) + 1:02d}")
        | {"accountEnabled": True}
        for i in range(count)
    ]


def create_shared_mailboxes(count: int, draw: Random) -> list[Resource]:
    """Return so many shared mailboxes: accounts that are disabled by design."""
    return [
        _account(draw, f"{_SHARED[i % len(_SHARED)]}-{i // len(_SHARED) + 1:02d}")
        | {"accountEnabled": False}
        for i in range(count)
    ]


def create_admins(owners: Sequence[Employee], draw: Random) -> list[Resource]:
    """Return a second account for each of these people, with the same employee id."""
    return [_admin(owner.user, draw) for owner in owners]


def _admin(owner: Resource, draw: Random) -> Resource:
    return _account(draw, f"adm-{owner['mailNickname']}") | {
        "displayName": f"{owner['displayName']} (Admin)",
        "givenName": owner["givenName"],
        "surname": owner["surname"],
        "employeeId": owner["employeeId"],
        "mail": None,
        "proxyAddresses": [],
        "accountEnabled": owner["accountEnabled"],
        "usageLocation": owner.get("usageLocation"),
        "manager": {"id": owner["id"]},
    }


def _account(draw: Random, nickname: str) -> Resource:
    return {
        "id": drawn_id(draw),
        "displayName": nickname,
        **addresses(nickname),
        "userType": "Member",
        "employeeId": None,
        "department": None,
        "createdDateTime": "2022-01-10T08:00:00Z",
        **_blank(),
    }


def _guest(
    given: str, surname: str, nickname: str, partner: tuple[str, str], country: str | None
) -> Resource:
    company, domain = partner
    mail = f"{nickname}@{domain}"
    return {
        "displayName": f"{given} {surname} ({company})",
        "givenName": given,
        "surname": surname,
        "userPrincipalName": f"{nickname}_{domain}#EXT#@{INITIAL_DOMAIN}",
        "mail": mail,
        "mailNickname": f"{nickname}_{domain}#EXT#",
        "proxyAddresses": [f"SMTP:{mail}"],
        "accountEnabled": True,
        "userType": "Guest",
        "creationType": "Invitation",
        "externalUserState": "Accepted",
        "companyName": company,
        "country": country,
        "usageLocation": BY_NAME[country].code if country else None,
        **_blank(),
        "otherMails": [mail],
    }


def _blank() -> dict[str, Any]:
    return {
        "onPremisesSyncEnabled": None,
        "businessPhones": [],
        "otherMails": [],
        "assignedLicenses": [],
        "licenseAssignmentStates": [],
    }
