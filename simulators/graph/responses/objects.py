"""Users and groups: get, create, change, delete, restore."""

from collections.abc import Container
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import uuid4

from simulators.graph import errors, permissions
from simulators.graph.changes import Kind
from simulators.graph.clock import timestamp
from simulators.graph.responses.collections import (
    checked_options,
    counted,
    expanded_manager,
    listed,
)
from simulators.graph.schema import SCHEMAS
from simulators.graph.tenant import is_guid
from simulators.graph.wire import JsonObject, Request, Response, no_content, without_annotations
from simulators.graph.world import World

BIND = "members@odata.bind"
EXTENSION_ATTRIBUTES = "onPremisesExtensionAttributes"


def list_users(world: World, request: Request) -> Response:
    """GET /users."""
    return listed(world, request, "users")


def list_groups(world: World, request: Request) -> Response:
    """GET /groups."""
    return listed(world, request, "groups")


def count_users(world: World, request: Request) -> Response:
    """GET /users/$count."""
    return counted(world, request, "users")


def count_groups(world: World, request: Request) -> Response:
    """GET /groups/$count."""
    return counted(world, request, "groups")


def get_user(world: World, request: Request) -> Response:
    """GET /users/{id or name}."""
    return _get(world, request, "users", world.directory.user_id(request.args["user"]))


def get_group(world: World, request: Request) -> Response:
    """GET /groups/{id}."""
    group_id = request.args["group"]
    if not is_guid(group_id):
        raise errors.invalid_object_identifier(group_id)
    return _get(world, request, "groups", group_id.lower())


def _get(world: World, request: Request, kind: Kind, object_id: str) -> Response:
    asked = checked_options(world, request, kind)
    item = world.replica.get(kind, object_id)
    if item is None:
        raise errors.not_found(object_id)
    shown = world.shapes.one(kind, item, asked.select)
    if kind == "users" and "manager" in asked.expand:
        shown |= expanded_manager(world, item, asked.expand["manager"])
    names = f"({','.join(asked.select)})" if asked.select else ""
    context = {"@odata.context": f"{request.base_url}/$metadata#{kind}{names}/$entity"}
    return Response(body=context | shown)


def create_user(world: World, request: Request) -> Response:
    """POST /users."""
    return _create(world, request, "users")


def create_group(world: World, request: Request) -> Response:
    """POST /groups."""
    return _create(world, request, "groups")


def _create(world: World, request: Request, kind: Kind) -> Response:
    schema, body = SCHEMAS[kind], without_annotations(request.json())
    bound = body.pop(BIND, [])
    for name in schema.required:
        if body.get(name) is None:
            raise errors.value_required(name, schema.resource.title())
    _check_changes(world, kind, body, None)
    item: JsonObject = {"id": str(uuid4()), "createdDateTime": timestamp(world.clock.now())}
    item |= {name: value for name, value in body.items() if name != "passwordProfile"}
    if kind == "users":
        item.setdefault("userType", "Member")
    world.directory.create(kind, item)
    if bound:
        world.membership.add(item["id"], bound)
    context = {"@odata.context": f"{request.base_url}/$metadata#{kind}/$entity"}
    return Response(HTTPStatus.CREATED, context | world.shapes.one(kind, item))


def change_user(world: World, request: Request) -> Response:
    """PATCH /users/{id or name}."""
    patch_user(world, request.args["user"], request.json())
    return no_content()


def patch_user(
    world: World, id_or_name: str, changes: JsonObject, may_write: Container[str] = ()
) -> str:
    """Change a user's properties; return the id.

    `may_write` are properties that are read-only to clients of Graph, but not to who asks here.
    """
    user_id = world.directory.user_id(id_or_name)
    changes = without_annotations(changes)
    if user_id not in world.directory.users:
        raise errors.not_found(id_or_name)
    _check_changes(world, "users", changes, user_id, may_write)
    merged = _without_password(changes) | _merged(world.directory.users[user_id], changes)
    world.directory.update("users", user_id, merged)
    return user_id


def _merged(user: JsonObject, changes: JsonObject) -> JsonObject:
    """Of a complex property a PATCH changes what it names and leaves the rest."""
    part = changes.get(EXTENSION_ATTRIBUTES)
    return {EXTENSION_ATTRIBUTES: (user.get(EXTENSION_ATTRIBUTES) or {}) | part} if part else {}


def change_group(world: World, request: Request) -> Response:
    """PATCH /groups/{id}: properties, up to 20 new members, or both."""
    group_id, body = request.args["group"].lower(), without_annotations(request.json())
    references = body.get(BIND)
    changes = {name: value for name, value in body.items() if name != BIND}
    if changes:
        permissions.require(world.settings.granted, permissions.WRITE_GROUPS)
    if not is_guid(group_id):
        raise errors.invalid_object_identifier(group_id)
    if group_id not in world.directory.groups:
        raise errors.not_found(group_id)
    _check_changes(world, "groups", changes, group_id)
    if references is not None:
        if group_id not in world.settings.owned:
            permissions.require(world.settings.granted, permissions.WRITE_MEMBERS)
        world.membership.add(group_id, references if isinstance(references, list) else [references])
    world.directory.update("groups", group_id, changes)
    return no_content()


def _check_changes(
    world: World,
    kind: Kind,
    changes: JsonObject,
    object_id: str | None,
    may_write: Container[str] = (),
) -> None:
    schema = SCHEMAS[kind]
    for name in changes:
        if name in schema.read_only and name not in may_write:
            raise errors.read_only_property(name)
        if not schema.knows(name):
            raise errors.invalid_property(name)
    if kind == "users" and "userPrincipalName" in changes:
        _check_name(world, changes["userPrincipalName"], object_id)
    location = changes.get("usageLocation")
    if location is not None and not (isinstance(location, str) and len(location) == 2):
        raise errors.invalid_value("usageLocation", "User")
    for name in ("employeeHireDate", "employeeLeaveDateTime"):
        if changes.get(name) is not None and not _is_moment(changes[name]):
            raise errors.invalid_value(name, "User")


def _check_name(world: World, name: object, user_id: str | None) -> None:
    if not isinstance(name, str) or "@" not in name:
        raise errors.invalid_value("userPrincipalName", "User")
    if (world.directory.named(name.lower()) or user_id) != user_id:
        raise errors.value_taken("userPrincipalName")


def _is_moment(text: object) -> bool:
    try:
        datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        return False
    return True


def _without_password(changes: JsonObject) -> JsonObject:
    return {name: value for name, value in changes.items() if name != "passwordProfile"}


def delete_user(world: World, request: Request) -> Response:
    """DELETE /users/{id or name}: into the recycle bin."""
    user_id = world.directory.user_id(request.args["user"])
    if user_id not in world.directory.users:
        raise errors.not_found(request.args["user"])
    world.directory.delete(user_id)
    return no_content()


def delete_group(world: World, request: Request) -> Response:
    """DELETE /groups/{id}: refused while it hands out licenses."""
    group_id = request.args["group"].lower()
    if not is_guid(group_id):
        raise errors.invalid_object_identifier(group_id)
    group = world.directory.groups.get(group_id)
    if group is None:
        raise errors.not_found(group_id)
    if group.get("assignedLicenses"):
        raise errors.group_has_licenses()
    world.directory.delete(group_id)
    return no_content()
