"""Owners of groups (Graph docs: group-list-owners, group-post-owners; `$expand` gives 20 at most).

The calling application is among them where the settings say that it owns the group. That an owner
may change members without a permission is what tools rely on, not documentation.
"""

from simulators.graph import errors
from simulators.graph.principals import Principals
from simulators.graph.responses.collections import of_members, owner_ids
from simulators.graph.tenant import is_guid
from simulators.graph.wire import JsonObject, Request, Response, no_content
from simulators.graph.world import World


def list_owners(world: World, request: Request) -> Response:
    """GET /groups/{id}/owners."""
    group = _group(world, request)
    found = (world.replica.get("users", owner) for owner in owner_ids(world, group))
    items = [item for item in found if item is not None]
    answer = of_members(world, request, list(enumerate(items)))
    if group["id"] in world.settings.owned and isinstance(answer.body, dict):
        answer.body["value"].append(_caller(world))
    return answer


def add_owner(world: World, request: Request) -> Response:
    """POST /groups/{id}/owners/$ref: the calling application becomes one; others are not."""
    settings, group = world.settings, _group(world, request)
    owner = str(request.json().get("@odata.id")).rpartition("/")[2]
    if owner != settings.principal_id:
        raise errors.not_found(owner)
    if group["id"] in settings.owned:
        raise errors.bad_request(
            "One or more added object references already exist for the following modified"
            " properties: 'owners'."
        )
    settings.change({"owned": [*settings.owned, group["id"]]})
    return no_content()


def _group(world: World, request: Request) -> JsonObject:
    group_id = request.args["group"]
    if not is_guid(group_id):
        raise errors.invalid_object_identifier(group_id)
    group = world.replica.get("groups", group_id.lower())
    if group is None:
        raise errors.not_found(group_id)
    return group


def _caller(world: World) -> JsonObject:
    shown = Principals(world.settings).caller()
    return {"@odata.type": "#microsoft.graph.servicePrincipal", **shown}
