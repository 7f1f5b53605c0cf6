"""The work: a tenant of 40 license groups, bundles over them, and who must be a member after it.

Every group has joiners (entitled, no members yet), leavers (members, no longer entitled) and people
who stay. A bundle's rule is the department of that group's people.
"""

from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import yaml

from benchmarks.fulfillment.size import GROUPS, Size
from local.tenant.groups import group_id, security_group
from local.tenant.identifiers import DOMAIN, TENANT_ID, fixed_id
from local.tenant.products import PRODUCTS, subscribed_sku

_STAYING = 10
_PRODUCTS = ("POWER_BI_PRO", "VISIOCLIENT", "PROJECTPROFESSIONAL", "EMSPREMIUM")
_UNLIMITED = {"percent": 100_000, "floor": 100_000}


@dataclass(frozen=True)
class Group:
    """One license group: its people by what must happen to them."""

    number: int
    product: str
    joining: tuple[str, ...]
    leaving: tuple[str, ...]
    staying: tuple[str, ...]

    @property
    def id(self) -> str:
        """The object id."""
        return group_id(self.name)

    @property
    def name(self) -> str:
        """The display name."""
        return f"LIC-Bench-{self.number:02}"

    @property
    def department(self) -> str:
        """The department of everyone entitled."""
        return f"Department {self.number:02}"


def groups_of(size: Size) -> tuple[Group, ...]:
    """Return the groups; nobody has to do with two of them."""
    return tuple(
        Group(
            number,
            product,
            _people(number, "joining", size.grants),
            _people(number, "leaving", size.revokes),
            _people(number, "staying", _STAYING),
        )
        for number, product in enumerate(islice(cycle(_PRODUCTS), GROUPS), 1)
    )


def changes_of(groups: tuple[Group, ...]) -> list[tuple[str, str, str]]:
    """Return (action, group, person) of every change, revokes first in each group."""
    return [
        (action, group.id, person)
        for group in groups
        for action, people in (("revoke", group.leaving), ("grant", group.joining))
        for person in people
    ]


def members_after(groups: tuple[Group, ...]) -> dict[str, frozenset[str]]:
    """Return who must be in each group in the end, and nobody else."""
    return {group.id: frozenset(group.joining + group.staying) for group in groups}


def tenant_of(groups: tuple[Group, ...]) -> dict[str, Any]:
    """Return the tenant document the simulator loads."""
    users = [
        _user(person, department)
        for group in groups
        for people, department in (
            (group.joining + group.staying, group.department),
            (group.leaving, "Elsewhere"),
        )
        for person in people
    ]
    seats = len(users) + 1
    return {
        "organization": {"id": TENANT_ID, "displayName": "Contoso", "countryLetterCode": "DE"},
        "users": users,
        "groups": [_group(group) for group in groups],
        "subscribedSkus": [subscribed_sku(PRODUCTS[name], 0, seats) for name in _PRODUCTS],
    }


def policies_of(groups: tuple[Group, ...]) -> dict[str, str]:
    """Return the policy files, with every limit opened: nothing is to be held here."""
    files = {f"{group.name}.yaml": yaml.safe_dump(_bundle(group)) for group in groups}
    limits = {"revokes": _UNLIMITED, "grants": _UNLIMITED}
    return files | {"tenant.yaml": yaml.safe_dump({"tenant": {"limits": limits}})}


def _people(number: int, what: str, count: int) -> tuple[str, ...]:
    return tuple(fixed_id("bench", f"{number}/{what}/{each}") for each in range(count))


def _user(person: str, department: str) -> dict[str, Any]:
    return {
        "id": person,
        "userPrincipalName": f"{person}@{DOMAIN}",
        "displayName": f"Person {person[:8]}",
        "userType": "Member",
        "accountEnabled": True,
        "usageLocation": "DE",
        "department": department,
        "assignedLicenses": [],
        "licenseAssignmentStates": [],
    }


def _license(product: str) -> dict[str, Any]:
    return {"skuId": PRODUCTS[product].sku, "disabledPlans": []}


def _group(group: Group) -> dict[str, Any]:
    return security_group(
        group.name,
        f"{PRODUCTS[group.product].name} for {group.department}",
        group.leaving + group.staying,
        assignedLicenses=[_license(group.product)],
        licenseProcessingState={"state": "ProcessingComplete"},
    )


def _bundle(group: Group) -> dict[str, Any]:
    return {
        "id": f"bench-{group.number:02}",
        "name": f"{PRODUCTS[group.product].name} for {group.department}",
        "owner": f"benchmarks@{DOMAIN}",
        "target": {"group": group.id},
        "products": [{"sku": PRODUCTS[group.product].sku}],
        "policy": {"rule": f'user.department -eq "{group.department}"'},
        "unmanaged": "remove",
        "limits": {"revokes": _UNLIMITED, "grants": _UNLIMITED},
    }
