"""Switches for what people do to a tenant by hand, in admin centers and at the seller's.

Memberships changed here are a user's in the audit log; which user can be said.
"""

from uuid import uuid4

from aiohttp import web

from simulators.graph import errors
from simulators.graph.settings import SettingsError
from simulators.graph.tenant import is_guid
from simulators.graph.wire import JsonObject
from simulators.graph.world import World

SEATS = ("enabled", "warning", "suspended", "lockedOut")
LICENSE_ERRORS = (
    "CountViolation",
    "MutuallyExclusiveViolation",
    "DependencyViolation",
    "ProhibitedInUsageLocationViolation",
    "UniquenessViolation",
    "Other",
)
STATUSES = ("Enabled", "Warning", "Suspended", "Deleted", "LockedOut")


async def add_member(world: World, request: web.Request, body: JsonObject) -> JsonObject:
    """Put someone or some group into a group: `{"id": "...", "by": "<user id>"}`."""
    group_id, member_id = _group(world, request), str(body.get("id"))
    with world.audits.by_hand(_by(body)):
        world.membership.add(group_id, [f"/directoryObjects/{member_id}"])
    return _members(world, group_id)


async def remove_member(world: World, request: web.Request, body: JsonObject) -> JsonObject:
    """Take a member out of a group: `{"by": "<user id>"}`."""
    group_id, member_id = _group(world, request), request.match_info["member"].lower()
    with world.audits.by_hand(_by(body)):
        world.membership.remove(group_id, member_id)
    return _members(world, group_id)


async def get_product(world: World, request: web.Request, _: JsonObject) -> JsonObject:
    """Return a product."""
    return _product(world, request)


async def change_product(world: World, request: web.Request, body: JsonObject) -> JsonObject:
    """Buy, lose or suspend seats: `{"enabled": 10, "capabilityStatus": "Enabled"}`.

    Nobody is looked at again by that alone.
    """
    product = _product(world, request)
    for name, value in body.items():
        known = name in SEATS and isinstance(value, int) and value >= 0
        if not known and not (name == "capabilityStatus" and value in STATUSES):
            raise SettingsError(
                f"{name!r}: a product has seats {', '.join(SEATS)}, whole numbers, and a "
                f"'capabilityStatus' of {', '.join(STATUSES)}"
            )
    status = body.get("capabilityStatus", product.get("capabilityStatus", "Enabled"))
    units = {name: value for name, value in body.items() if name in SEATS}
    changed = product | {
        "prepaidUnits": product["prepaidUnits"] | units,
        "capabilityStatus": status,
    }
    world.directory.skus[product["skuId"]] = changed
    return changed


async def add_plan(world: World, request: web.Request, body: JsonObject) -> JsonObject:
    """Let a service plan appear in a product: `{"servicePlanName": "..."}`.

    Like every plan that nobody switched off it is on for everybody who holds the product.
    """
    product = _product(world, request)
    plan_id = body.get("servicePlanId", str(uuid4()))
    if not is_guid(plan_id) or not isinstance(body.get("servicePlanName"), str):
        raise SettingsError("a plan has a 'servicePlanName', and a GUID if it has 'servicePlanId'")
    plans = product.get("servicePlans", [])
    if any(plan["servicePlanId"] == plan_id for plan in plans):
        raise SettingsError(f"the product has the plan {plan_id} already")
    plan = {"provisioningStatus": "Success", "appliesTo": "User", **body, "servicePlanId": plan_id}
    changed = product | {"servicePlans": [*plans, plan]}
    world.directory.skus[product["skuId"]] = changed
    for user_id in sorted(world.seats.holders.get(product["skuId"], ())):
        world.directory.touch("users", user_id, "assignedPlans")
    return changed


async def order_license_errors(world: World, request: web.Request, body: JsonObject) -> JsonObject:
    """Let a user's group licenses fail from the next time on: `{"<skuId>": "CountViolation"}`.

    It replaces what was ordered before; `{}` ends it. Whoever holds the license loses it then.
    """
    user_id = world.directory.user_id(request.match_info["user"])
    if user_id not in world.directory.users:
        raise errors.not_found(request.match_info["user"])
    for sku_id, error in body.items():
        if sku_id not in world.directory.skus or error not in LICENSE_ERRORS:
            raise SettingsError(f"{sku_id!r}: a product fails with {', '.join(LICENSE_ERRORS)}")
    world.licensing.ordered[user_id] = body
    return body


def _group(world: World, request: web.Request) -> str:
    group_id = request.match_info["group"].lower()
    if group_id not in world.directory.groups:
        raise errors.not_found(group_id)
    return group_id


def _members(world: World, group_id: str) -> JsonObject:
    return {"id": group_id, "members": list(world.directory.members[group_id])}


def _product(world: World, request: web.Request) -> JsonObject:
    product = world.directory.skus.get(request.match_info["product"].lower())
    if product is None:
        raise errors.not_found(request.match_info["product"])
    return product


def _by(body: JsonObject) -> str | None:
    by = body.get("by")
    if by is not None and not is_guid(by):
        raise SettingsError("'by' must be the object id of the user who does it")
    return by.lower() if isinstance(by, str) else None
