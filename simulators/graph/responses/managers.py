"""Managers: get, set and remove (Graph docs: user-list-manager, -post-manager, -delete-manager)."""

from simulators.graph import errors
from simulators.graph.directory import manager_of
from simulators.graph.membership import referenced
from simulators.graph.responses.collections import expanded_manager
from simulators.graph.wire import Request, Response, no_content
from simulators.graph.world import World


def get_manager(world: World, request: Request) -> Response:
    """GET /users/{id or name}/manager."""
    user_id = world.directory.user_id(request.args["user"])
    user = world.replica.get("users", user_id)
    if user is None:
        raise errors.not_found(request.args["user"])
    manager = expanded_manager(world, user)
    if not manager:
        raise errors.not_found("manager")
    context = {"@odata.context": f"{request.base_url}/$metadata#directoryObjects/$entity"}
    return Response(body=context | manager["manager"])


def set_manager(world: World, request: Request) -> Response:
    """PUT /users/{id or name}/manager/$ref."""
    reference = request.json().get("@odata.id")
    give_manager(world, request.args["user"], referenced(reference, "manager"))
    return no_content()


def remove_manager(world: World, request: Request) -> Response:
    """DELETE /users/{id or name}/manager/$ref."""
    user = world.directory.users.get(world.directory.user_id(request.args["user"]))
    if user is None or not manager_of(user):
        raise errors.not_found(request.args["user"] if user is None else "manager")
    world.directory.set_manager(user["id"], None)
    return no_content()


def give_manager(world: World, id_or_name: str, manager_id: str | None) -> None:
    """Give a user a manager, or none; raise the 404 when either does not exist."""
    directory = world.directory
    user_id = directory.user_id(id_or_name)
    for object_id in (user_id, manager_id):
        if object_id is not None and object_id not in directory.users:
            raise errors.not_found(object_id)
    directory.set_manager(user_id, manager_id)
