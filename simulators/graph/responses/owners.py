"""Owners of groups (Graph docs: group-list-owners; `$expand` gives 20 at most)."""

from simulators.graph import errors
from simulators.graph.responses.collections import of_members, owner_ids
from simulators.graph.tenant import is_guid
from simulators.graph.wire import Request, Response
from simulators.graph.world import World


def list_owners(world: World, request: Request) -> Response:
    """GET /groups/{id}/owners."""
    group_id = request.args["group"]
    if not is_guid(group_id):
        raise errors.invalid_object_identifier(group_id)
    group = world.replica.get("groups", group_id.lower())
    if group is None:
        raise errors.not_found(group_id)
    owners = owner_ids(world, group)
    found = ((owner, world.replica.get("users", owner)) for owner in owners)
    items = [item for _, item in found if item is not None]
    return of_members(world, request, list(enumerate(items)))
