"""Service principals and the app roles assigned to them, on the wire."""

import re
from http import HTTPStatus

from simulators.graph import errors
from simulators.graph.principals import GRAPH_ID
from simulators.graph.wire import JsonObject, Request, Response, no_content, without_annotations
from simulators.graph.world import World

_BY_APP_ID = re.compile(r"appId eq '([^']*)'")


def list_principals(world: World, request: Request) -> Response:
    """GET /servicePrincipals, by application id only."""
    wanted = _BY_APP_ID.fullmatch(request.query.get("$filter", ""))
    if wanted is None:
        raise errors.unsupported_query("Only $filter=appId eq '...' is simulated here.")
    every = (world.principals.graph(), world.principals.caller())
    return _collection(request, [one for one in every if one["appId"] == wanted[1]])


def list_assignments(world: World, request: Request) -> Response:
    """GET /servicePrincipals/{id}/appRoleAssignments."""
    return _collection(request, world.principals.assignments(request.args["principal"]))


def assign(world: World, request: Request) -> Response:
    """POST /servicePrincipals/{id}/appRoleAssignedTo."""
    _check_resource(request)
    made = world.principals.assign(without_annotations(request.json()))
    return Response(HTTPStatus.CREATED, made)


def unassign(world: World, request: Request) -> Response:
    """DELETE /servicePrincipals/{id}/appRoleAssignedTo/{id}."""
    _check_resource(request)
    world.principals.unassign(request.args["assignment"])
    return no_content()


def _check_resource(request: Request) -> None:
    if request.args["principal"] != GRAPH_ID:
        raise errors.not_found(request.args["principal"])


def _collection(request: Request, value: list[JsonObject]) -> Response:
    context = f"{request.base_url}/$metadata#{request.path.strip('/').split('/')[-1]}"
    return Response(body={"@odata.context": context, "value": value})
