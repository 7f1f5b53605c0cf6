"""Products and licenses: what is owned, and giving it to users and groups."""

from http import HTTPStatus
from typing import Any

from simulators.graph import errors
from simulators.graph.clock import timestamp
from simulators.graph.license_rules import enabled_plans
from simulators.graph.licensing import direct_state
from simulators.graph.licensing_rules import HELD
from simulators.graph.tenant import is_guid
from simulators.graph.wire import JsonObject, Request, Response
from simulators.graph.world import World


def list_products(world: World, request: Request) -> Response:
    """GET /subscribedSkus: all in one page."""
    organization = world.directory.organization
    account: JsonObject = {
        "accountId": organization.get("id"),
        "accountName": organization.get("displayName"),
        "appliesTo": "User",
        "subscriptionIds": [],
    }
    context = f"{request.base_url}/$metadata#subscribedSkus"
    value = [account | sku for sku in world.directory.skus.values()]
    return Response(body={"@odata.context": context, "value": value})


def list_license_details(world: World, request: Request) -> Response:
    """GET /users/{id}/licenseDetails."""
    user = world.replica.get("users", world.directory.user_id(request.args["user"]))
    if user is None:
        raise errors.not_found(request.args["user"])
    context = f"{request.base_url}/$metadata#users('{user['id']}')/licenseDetails"
    return Response(body={"@odata.context": context, "value": world.shapes.license_details(user)})


def assign_to_user(world: World, request: Request) -> Response:
    """POST /users/{id}/assignLicense: all of it or nothing, at once."""
    user = _user(world, request)
    adding, removing = _asked(request.json())
    states = user.get("licenseAssignmentStates", [])
    direct = {state["skuId"]: state for state in states if state["assignedByGroup"] is None}
    for sku_id in removing:
        _check_removal(sku_id, direct, states)
        direct.pop(sku_id)
    if adding and not user.get("usageLocation"):
        raise errors.usage_location_invalid()
    inherited = [state for state in states if state["assignedByGroup"] is not None]
    now = timestamp(world.clock.now())
    for held in adding:
        _check_addition(world, held["skuId"], {state["skuId"] for state in states if _held(state)})
        direct[held["skuId"]] = direct_state(held, now)
    _check_plans(world, [*direct.values(), *inherited])
    world.licensing.set_direct(user["id"], list(direct.values()))
    return _user_response(world, request, user["id"])


def reprocess_user(world: World, request: Request) -> Response:
    """POST /users/{id}/reprocessLicenseAssignment: what failed is tried again."""
    user = _user(world, request)
    world.licensing.reprocess([user["id"]])
    return _user_response(world, request, user["id"])


def assign_to_group(world: World, request: Request) -> Response:
    """POST /groups/{id}/assignLicense: accepted, worked off in the background."""
    group_id = request.args["group"]
    if not is_guid(group_id):
        raise errors.invalid_object_identifier(group_id)
    group = world.directory.groups.get(group_id.lower())
    if group is None:
        raise errors.not_found(group_id)
    adding, removing = _asked(request.json())
    licenses = {held["skuId"]: held for held in group.get("assignedLicenses", ())}
    for sku_id in removing:
        if licenses.pop(sku_id, None) is None:
            raise errors.license_missing()
    for held in adding:
        if held["skuId"] not in world.directory.skus:
            raise errors.not_owned(held["skuId"])
        licenses[held["skuId"]] = held
    if adding:
        _check_prerequisites(world, list(licenses.values()))
    world.directory.update("groups", group["id"], {"assignedLicenses": list(licenses.values())})
    shown = world.shapes.one("groups", group, ("id", "assignedLicenses"))
    tenant_id = world.directory.organization["id"]
    location = (
        f"https://graph.microsoft.com/v2/{tenant_id}/directoryObjects/{group['id']}"
        "/Microsoft.DirectoryServices.Group"
    )
    return Response(HTTPStatus.ACCEPTED, shown, {"location": location})


def _user(world: World, request: Request) -> JsonObject:
    user = world.directory.users.get(world.directory.user_id(request.args["user"]))
    if user is None:
        raise errors.not_found(request.args["user"])
    return user


def _user_response(world: World, request: Request, user_id: str) -> Response:
    context = {"@odata.context": f"{request.base_url}/$metadata#users/$entity"}
    return Response(body=context | world.shapes.one("users", world.directory.users[user_id]))


def _asked(body: JsonObject) -> tuple[list[JsonObject], list[str]]:
    """Return what to add and what to remove; both keys are required, either may be empty."""
    for name in ("addLicenses", "removeLicenses"):
        if not isinstance(body.get(name), list):
            raise errors.value_required(name, "assignLicense")
    adding = [_license(item) for item in body["addLicenses"]]
    return adding, [str(sku_id).lower() for sku_id in body["removeLicenses"]]


def _license(item: Any) -> JsonObject:
    if not isinstance(item, dict) or not is_guid(item.get("skuId")):
        raise errors.invalid_value("skuId", "AssignedLicense")
    return {
        "skuId": item["skuId"].lower(),
        "disabledPlans": [str(plan).lower() for plan in item.get("disabledPlans") or ()],
    }


def _held(state: JsonObject) -> bool:
    return state["state"] in HELD


def _check_removal(sku_id: str, direct: dict[str, JsonObject], states: list[JsonObject]) -> None:
    if sku_id in direct:
        return
    if any(state["skuId"] == sku_id for state in states):
        raise errors.license_inherited()
    raise errors.license_missing()


def _check_addition(world: World, sku_id: str, held: set[str]) -> None:
    if sku_id not in world.directory.skus:
        raise errors.not_owned(sku_id)
    if sku_id not in held and world.seats.free(sku_id) <= 0:
        raise errors.no_seats(sku_id)


def _check_prerequisites(world: World, licenses: list[JsonObject]) -> None:
    """Raise what a group's plans lack: an add-on and what it builds on must be in one group."""
    skus = world.directory.skus
    plans = [enabled_plans(skus[held["skuId"]], held["disabledPlans"]) for held in licenses]
    together = frozenset().union(*plans)
    if missing := world.settings.license_rules.missing(together, together):
        plan, needed = missing
        raise errors.depends_on(plan, needed)


def _check_plans(world: World, states: list[JsonObject]) -> None:
    """Raise what the plans of all licenses held together would break."""
    rules, skus = world.settings.license_rules, world.directory.skus
    plans = [
        enabled_plans(skus[state["skuId"]], state["disabledPlans"])
        for state in states
        if _held(state) and state["skuId"] in skus
    ]
    together = frozenset().union(*plans)
    if clash := rules.clash(together, together):
        one, other = clash
        raise errors.mutually_exclusive(one, other)
    if missing := rules.missing(together, together):
        plan, needed = missing
        raise errors.depends_on(plan, needed)
