"""The service: one request in, one response out, the same for HTTP and for items of a `$batch`."""

import inspect
from datetime import UTC, datetime
from uuid import uuid4

from simulators.graph import errors, permissions
from simulators.graph.batch import batch_of, run_batch
from simulators.graph.costs import cost_of
from simulators.graph.errors import GraphError
from simulators.graph.routes import match
from simulators.graph.throttle import Cost
from simulators.graph.wire import Request, Response
from simulators.graph.world import World

DIAGNOSTIC = (
    '{"ServerInfo":{"DataCenter":"Simulated","Slice":"E","Ring":"1","ScaleUnit":"001",'
    '"RoleInstance":"AGS"}}'
)
JSON = (
    "application/json;odata.metadata=minimal;odata.streaming=true;"
    "IEEE754Compatible=false;charset=utf-8"
)


ADMINISTRATOR = "Bearer administrator"
"""The token of a person who may do everything; any other is that of the calling application."""


class Service:
    """Answers requests; the only place where errors become responses."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: Request) -> Response:
        """Answer one HTTP request with all the headers Graph sends; may raise CutShort."""
        request_id = str(uuid4())
        response = await self._respond(request, request_id)
        response.headers = {
            "request-id": request_id,
            "client-request-id": request.headers.get("client-request-id", request_id),
            "x-ms-ags-diagnostic": DIAGNOSTIC,
            "OData-Version": "4.0",
            "Cache-Control": "no-cache",
            **response.headers,
        }
        return response

    async def handle_item(self, request: Request, refusal: GraphError | None) -> Response:
        """Answer one item of a batch, which may be refused before it is looked at."""
        return await self._respond(request, str(uuid4()), refusal)

    async def _respond(
        self, request: Request, request_id: str, refusal: GraphError | None = None
    ) -> Response:
        bill = _Bill()
        try:
            if refusal is not None:
                raise refusal
            response = await self._answer(request, bill)
        except GraphError as error:
            response = self._told(error, request, request_id, bill)
        self._world.stats.count(bill.operation, bill.cost, response.status, batched=request.batched)
        return response

    async def _answer(self, request: Request, bill: "_Bill") -> Response:
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            raise errors.token_missing()
        self._world.faults.strike(request, "before")
        if request.path == "/$batch" and not request.batched:
            response = await self._batch(request, bill)
        else:
            response = await self._operate(request, bill)
        self._world.faults.strike(request, "after")
        return response

    async def _batch(self, request: Request, bill: "_Bill") -> Response:
        bill.operation = "POST /$batch"
        if request.method != "POST":
            raise errors.method_not_allowed()
        return await run_batch(self._world, batch_of(request), self.handle_item)

    async def _operate(self, request: Request, bill: "_Bill") -> Response:
        world = self._world
        route = match(request)
        bill.operation = route.name
        cost = cost_of(
            request,
            route.units,
            select_saves=route.select_saves,
            writes=route.writes,
            settings=world.settings,
        )
        if route.units:
            bill.cost = cost
            bill.headers = world.throttle.spend(cost)
        if route.usage:
            world.throttle.spend_usage()
            permissions.require_for_usage(world.settings.granted, route.allowed_by)
        if route.report:
            world.throttle.spend_report()
            permissions.require_for_report(world.settings.granted, route.allowed_by)
        owns = route.owners and request.args["group"].lower() in world.settings.owned
        if request.headers.get("Authorization") != ADMINISTRATOR and not owns:
            permissions.require(world.settings.granted, route.allowed_by)
        answer = route.responder(world, request)
        response = await answer if inspect.isawaitable(answer) else answer
        response.headers = bill.headers | response.headers
        return response

    def _told(
        self, error: GraphError, request: Request, request_id: str, bill: "_Bill"
    ) -> Response:
        now = datetime.fromtimestamp(self._world.clock.now(), UTC)
        client_request_id = request.headers.get("client-request-id", request_id)
        body = error.body(now.strftime("%Y-%m-%dT%H:%M:%S"), request_id, client_request_id)
        return Response(error.status, body, bill.headers | error.headers)


class _Bill:
    """What is known of a request by the time it fails."""

    def __init__(self) -> None:
        self.operation = "unknown"
        self.cost = Cost()
        self.headers: dict[str, str] = {}
