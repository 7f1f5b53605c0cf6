"""The tenant document: read and checked whole before anything is loaded, and written back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from simulators.graph.directory import Directory
from simulators.graph.wire import JsonObject

PARTS = ("organization", "users", "groups", "subscribedSkus", "companySubscriptions")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class TenantError(Exception):
    """The document is broken; the message is one sentence naming the place."""


@dataclass(frozen=True)
class Tenant:
    """A checked tenant document."""

    organization: JsonObject
    users: list[JsonObject]
    groups: list[JsonObject]
    skus: list[JsonObject]
    purchases: list[JsonObject]


def read_tenant_file(path: Path) -> Tenant:
    """Read a tenant file; raise TenantError."""
    try:
        return tenant_from(path.read_bytes())
    except OSError as error:
        raise TenantError(f"tenant file {path}: {error.strerror}") from None
    except TenantError as error:
        raise TenantError(f"tenant file {path}: {error}") from None


def tenant_from(text: bytes) -> Tenant:
    """Return the tenant in a JSON text; raise TenantError."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise TenantError(f"not JSON: {error}") from None
    if not isinstance(document, dict):
        raise TenantError("the document must be an object")
    for part in document:
        if part not in PARTS:
            raise TenantError(f"unknown part '{part}'; a tenant has {', '.join(PARTS)}")
    tenant = Tenant(
        organization=_object(document.get("organization", {}), "organization"),
        users=list(_objects(document, "users")),
        groups=list(_objects(document, "groups")),
        skus=list(_objects(document, "subscribedSkus")),
        purchases=list(_objects(document, "companySubscriptions")),
    )
    _check(tenant)
    return tenant


def is_guid(text: object) -> bool:
    """Whether this is an object id."""
    return isinstance(text, str) and _GUID.fullmatch(text) is not None


def _check(tenant: Tenant) -> None:
    skus = {_check_sku(sku, f"subscribedSkus[{n}]") for n, sku in enumerate(tenant.skus)}
    for n, purchase in enumerate(tenant.purchases):
        if purchase.get("skuId") not in skus:
            where = f"companySubscriptions[{n}].skuId"
            raise TenantError(f"{where}: no such product in subscribedSkus")
    if tenant.organization:
        _check_id(tenant.organization, "organization")
    ids: set[str] = set()
    names: set[str] = set()
    for n, user in enumerate(tenant.users):
        place = f"users[{n}]"
        _once(_check_id(user, place), ids, f"{place}.id")
        _once(_text(user, "userPrincipalName", place).lower(), names, f"{place}.userPrincipalName")
        _check_licenses(user, skus, place)
        _check_states(user, skus, place)
    for n, group in enumerate(tenant.groups):
        place = f"groups[{n}]"
        _once(_check_id(group, place), ids, f"{place}.id")
        _text(group, "displayName", place)
        _check_licenses(group, skus, place)
    people = {user["id"].lower() for user in tenant.users}
    for n, user in enumerate(tenant.users):
        _check_manager(user, people, f"users[{n}].manager")
    for n, group in enumerate(tenant.groups):
        _check_members(group, ids, f"groups[{n}]", "members")
        _check_members(group, people, f"groups[{n}]", "owners")


def _check_sku(sku: JsonObject, place: str) -> str:
    _text(sku, "skuPartNumber", place)
    if not is_guid(sku.get("skuId")):
        raise TenantError(f"{place}.skuId must be a GUID")
    units = _object(sku.get("prepaidUnits"), f"{place}.prepaidUnits")
    if not isinstance(units.get("enabled"), int):
        raise TenantError(f"{place}.prepaidUnits.enabled must be a whole number")
    for n, plan in enumerate(_list(sku, "servicePlans", place)):
        plan_place = f"{place}.servicePlans[{n}]"
        _text(_object(plan, plan_place), "servicePlanId", plan_place)
        _text(plan, "servicePlanName", plan_place)
    return str(sku["skuId"])


def _check_licenses(item: JsonObject, skus: set[str], place: str) -> None:
    for n, held in enumerate(_list(item, "assignedLicenses", place)):
        if _object(held, f"{place}.assignedLicenses[{n}]").get("skuId") not in skus:
            where = f"{place}.assignedLicenses[{n}].skuId"
            raise TenantError(f"{where}: no such product in subscribedSkus")
        _list(held, "disabledPlans", f"{place}.assignedLicenses[{n}]")


def _check_states(user: JsonObject, skus: set[str], place: str) -> None:
    for n, state in enumerate(_list(user, "licenseAssignmentStates", place)):
        if _object(state, f"{place}.licenseAssignmentStates[{n}]").get("skuId") not in skus:
            where = f"{place}.licenseAssignmentStates[{n}].skuId"
            raise TenantError(f"{where}: no such product in subscribedSkus")


def _check_manager(user: JsonObject, people: set[str], place: str) -> None:
    if user.get("manager") is not None:
        manager_id = _check_id(_object(user["manager"], place), place)
        if manager_id not in people:
            raise TenantError(f"{place}: no user has the id {manager_id!r}")


def _check_members(group: JsonObject, ids: set[str], owner: str, name: str) -> None:
    place = f"{owner}.{name}"
    members = group.get(name, [])
    if not isinstance(members, list):
        raise TenantError(f"{place} must be a list of ids")
    seen: set[str] = set()
    for n, member in enumerate(members):
        if not isinstance(member, str) or member.lower() not in ids:
            raise TenantError(f"{place}[{n}]: no user or group has the id {member!r}")
        _once(member.lower(), seen, f"{place}[{n}]")


def _objects(document: JsonObject, part: str) -> Iterator[JsonObject]:
    for n, item in enumerate(_list(document, part, "")):
        yield _object(item, f"{part}[{n}]")


def _object(value: object, place: str) -> JsonObject:
    if not isinstance(value, dict):
        raise TenantError(f"{place} must be an object")
    return value


def _list(item: JsonObject, name: str, place: str) -> list[Any]:
    value = item.get(name, [])
    if not isinstance(value, list):
        raise TenantError(f"{f'{place}.{name}'.lstrip('.')} must be a list")
    return value


def _text(item: JsonObject, name: str, place: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value:
        raise TenantError(f"{place}.{name} must be a text")
    return value


def _check_id(item: JsonObject, place: str) -> str:
    if not is_guid(item.get("id")):
        raise TenantError(f"{place}.id must be a GUID")
    return str(item["id"]).lower()


def _once(value: str, seen: set[str], place: str) -> None:
    if value in seen:
        raise TenantError(f"{place}: '{value}' is there twice")
    seen.add(value)


def load(tenant: Tenant, directory: Directory) -> None:
    """Replace what a directory holds; licenses are settled by the licensing engine afterwards."""
    directory.clear()
    directory.organization = tenant.organization or _nameless_organization()
    organization_id = directory.organization["id"]
    for sku in tenant.skus:
        owned = {"id": f"{organization_id}_{sku['skuId']}", "capabilityStatus": "Enabled"}
        directory.skus[sku["skuId"]] = owned | sku | {"consumedUnits": 0}
    directory.purchases = tenant.purchases
    for user in tenant.users:
        directory.place("users", _lowered(user))
    for group in tenant.groups:
        properties = {name: value for name, value in group.items() if name != "members"}
        directory.place("groups", _lowered(properties))
    for group in tenant.groups:
        for member in group.get("members", ()):
            directory.link(group["id"].lower(), member.lower())


def _lowered(item: JsonObject) -> JsonObject:
    """Return an object under its id as the directory writes it; mostly it is so already."""
    if manager := item.get("manager"):
        item = item | {"manager": {"id": manager["id"].lower()}}
    lowered = item["id"].lower()
    return item if item["id"] == lowered else item | {"id": lowered}


def dump(directory: Directory) -> JsonObject:
    """Return the tenant document of a directory as it is now."""
    purchases = {"companySubscriptions": directory.purchases} if directory.purchases else {}
    return purchases | {
        "organization": directory.organization,
        "users": [directory.users[user_id] for user_id in directory.shelves["users"].order],
        "groups": [
            directory.groups[group_id] | {"members": list(directory.members[group_id])}
            for group_id in directory.shelves["groups"].order
        ],
        "subscribedSkus": list(directory.skus.values()),
    }


def _nameless_organization() -> JsonObject:
    return {
        "id": "9188040d-6c67-4c5b-b112-36a304b66dad",
        "displayName": "Contoso",
        "countryLetterCode": "US",
        "verifiedDomains": [{"name": "contoso.example", "isDefault": True, "isInitial": True}],
    }
