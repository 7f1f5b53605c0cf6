"""Change notification subscriptions on the wire."""

from http import HTTPStatus

from simulators.graph.handshake import validate
from simulators.graph.wire import JsonObject, Request, Response, no_content, without_annotations
from simulators.graph.world import World


async def create_subscription(world: World, request: Request) -> Response:
    """POST /subscriptions: checked, then validated at its addresses, then kept."""
    body = without_annotations(request.json())
    world.subscriptions.check(body)
    await validate(world.notifier.session, body, world.settings.validation_timeout)
    world.subscriptions.check(body)  # another one may have come in the meantime
    return _entity(request, world.subscriptions.create(body), HTTPStatus.CREATED)


def list_subscriptions(world: World, request: Request) -> Response:
    """GET /subscriptions."""
    context = f"{request.base_url}/$metadata#subscriptions"
    return Response(body={"@odata.context": context, "value": list(world.subscriptions)})


def get_subscription(world: World, request: Request) -> Response:
    """GET /subscriptions/{id}."""
    return _entity(request, world.subscriptions.get(request.args["subscription"]))


def renew_subscription(world: World, request: Request) -> Response:
    """PATCH /subscriptions/{id}."""
    renewed = world.subscriptions.renew(
        request.args["subscription"], without_annotations(request.json())
    )
    return _entity(request, renewed)


def delete_subscription(world: World, request: Request) -> Response:
    """DELETE /subscriptions/{id}."""
    world.subscriptions.delete(request.args["subscription"])
    return no_content()


def reauthorize_subscription(world: World, request: Request) -> Response:
    """POST /subscriptions/{id}/reauthorize."""
    world.subscriptions.get(request.args["subscription"])
    return no_content()


def _entity(request: Request, subscription: JsonObject, status: int = HTTPStatus.OK) -> Response:
    context = {"@odata.context": f"{request.base_url}/$metadata#subscriptions/$entity"}
    return Response(status, context | subscription)
