"""Memberships: who is in a group, which groups somebody is in, and changing it."""

from collections.abc import Iterator

from simulators.graph import errors, permissions
from simulators.graph.changes import Kind
from simulators.graph.responses.collections import Positioned, of_members
from simulators.graph.tenant import is_guid
from simulators.graph.wire import JsonObject, Request, Response, no_content
from simulators.graph.world import World

CASTS: dict[str, Kind] = {"microsoft.graph.user": "users", "microsoft.graph.group": "groups"}
MOST_GROUPS_TO_CHECK = 20


def list_members(world: World, request: Request) -> Response:
    """GET /groups/{id}/members, also cast to one type."""
    group_id = _group(world, request)
    members = world.replica.members(group_id)
    return of_members(world, request, _cast(request, _present(world, members)))


def count_members(world: World, request: Request) -> Response:
    """GET /groups/{id}/members/$count."""
    if not request.consistency_eventual:
        raise errors.count_not_supported()
    members = world.replica.members(_group(world, request))
    return Response(body=str(sum(1 for _ in _present(world, members))))


def list_transitive_members(world: World, request: Request) -> Response:
    """GET /groups/{id}/transitiveMembers: through nested groups, each once."""
    found: dict[str, None] = {}
    waiting = [_group(world, request)]
    seen = set(waiting)
    while waiting:
        for _, member_id in world.replica.members(waiting.pop()):
            found[member_id] = None
            if member_id in world.directory.groups and member_id not in seen:
                seen.add(member_id)
                waiting.append(member_id)
    return of_members(world, request, _cast(request, _present(world, enumerate(found))))


def list_members_with_license_errors(world: World, request: Request) -> Response:
    """GET /groups/{id}/membersWithLicenseErrors."""
    failing = world.seats.failing.get(_group(world, request), set())
    return of_members(world, request, _present(world, enumerate(sorted(failing))))


def list_member_of(world: World, request: Request) -> Response:
    """GET /users/{id}/memberOf, also cast to groups."""
    groups = world.replica.groups_of(_user(world, request))
    return of_members(world, request, _cast(request, _present(world, enumerate(groups))))


def list_transitive_member_of(world: World, request: Request) -> Response:
    """GET /users/{id}/transitiveMemberOf: through groups in groups, each once."""
    groups = _all_groups_of(world, _user(world, request))
    return of_members(world, request, _cast(request, _present(world, enumerate(groups))))


def list_groups_around(world: World, request: Request) -> Response:
    """GET /groups/{id}/transitiveMemberOf: through groups in groups, each once."""
    groups = _all_groups_of(world, _group(world, request))
    return of_members(world, request, _present(world, enumerate(groups)))


def check_member_groups(world: World, request: Request) -> Response:
    """POST /users/{id}/checkMemberGroups: which of up to 20 groups, transitively."""
    wanted = request.json().get("groupIds")
    if not isinstance(wanted, list) or len(wanted) > MOST_GROUPS_TO_CHECK:
        raise errors.bad_request("The number of ids in 'groupIds' must be between 1 and 20.")
    groups = _all_groups_of(world, _user(world, request))
    context = f"{request.base_url}/$metadata#Collection(Edm.String)"
    value = [group_id for group_id in wanted if str(group_id).lower() in groups]
    return Response(body={"@odata.context": context, "value": value})


def add_member(world: World, request: Request) -> Response:
    """POST /groups/{id}/members/$ref."""
    world.membership.add(request.args["group"].lower(), [request.json().get("@odata.id")])
    return no_content()


def remove_member(world: World, request: Request) -> Response:
    """DELETE /groups/{id}/members/{id}/$ref."""
    world.membership.remove(request.args["group"].lower(), request.args["member"].lower())
    return no_content()


def delete_member_object(world: World, request: Request) -> Response:
    """DELETE /groups/{id}/members/{id} without $ref: the user itself goes, as documented."""
    permissions.require(world.settings.granted, ("User.ReadWrite.All",))
    member_id = request.args["member"].lower()
    if not world.replica.is_member(_group(world, request), member_id):
        raise errors.not_found(member_id)
    world.directory.delete(member_id)
    return no_content()


def _group(world: World, request: Request) -> str:
    group_id = request.args["group"]
    if not is_guid(group_id):
        raise errors.invalid_object_identifier(group_id)
    if world.replica.get("groups", group_id.lower()) is None:
        raise errors.not_found(group_id)
    return group_id.lower()


def _user(world: World, request: Request) -> str:
    user_id = world.directory.user_id(request.args["user"])
    if world.replica.get("users", user_id) is None:
        raise errors.not_found(request.args["user"])
    return user_id


def _all_groups_of(world: World, object_id: str) -> dict[str, None]:
    found: dict[str, None] = {}
    waiting = [object_id]
    while waiting:
        for group_id in world.replica.groups_of(waiting.pop(0)):
            if group_id not in found:
                found[group_id] = None
                waiting.append(group_id)
    return found


def _present(world: World, ids: Iterator[tuple[int, str]] | enumerate[str]) -> Iterator[Positioned]:
    for position, object_id in ids:
        item = _object(world, object_id)
        if item is not None:
            yield position, item


def _object(world: World, object_id: str) -> JsonObject | None:
    return world.replica.get("users", object_id) or world.replica.get("groups", object_id)


def _cast(request: Request, objects: Iterator[Positioned]) -> Iterator[Positioned]:
    """Keep one type, when the path ends in one."""
    cast = request.args.get("cast")
    if cast is None:
        return objects
    if cast not in CASTS:
        raise errors.unknown_segment(cast)
    users = CASTS[cast] == "users"
    return ((p, item) for p, item in objects if ("userPrincipalName" in item) == users)
