"""What `/__sim/...` answers. Every change has taken effect, durably, when its answer comes."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from simulators.servicebus.broker.errors import BrokerError
from simulators.servicebus.broker.inspection import counts, purge
from simulators.servicebus.control.faults import order_faults
from simulators.servicebus.control.http import HttpError, HttpRequest
from simulators.servicebus.engine.server import Server

_QUEUE = "/__sim/queues/"
_PURGE = "/purge"


class Control:
    """Answers requests about one server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._routes: dict[tuple[str, str], Callable[[dict[str, Any]], Any]] = {
            ("GET", "/__sim/health"): self._health,
            ("GET", "/__sim/queues"): self._queues,
            ("GET", "/__sim/clock"): self._clock,
            ("POST", "/__sim/clock"): self._advance,
            ("GET", "/__sim/faults"): self._faults,
            ("POST", "/__sim/faults"): self._order,
        }

    def __call__(self, request: HttpRequest) -> Any:
        """Return the answer; HttpError when there is no such thing or it cannot be done."""
        path = request.path
        if request.method == "POST" and path.startswith(_QUEUE) and path.endswith(_PURGE):
            return self._purge(path.removeprefix(_QUEUE).removesuffix(_PURGE))
        route = self._routes.get((request.method, path))
        if route is None:
            known = ", ".join(f"{method} {path}" for method, path in self._routes)
            raise HttpError(
                HTTPStatus.NOT_FOUND, f"There is {known}, POST {_QUEUE}NAME{_PURGE} and no more."
            )
        return route(request.body)

    def _health(self, _body: dict[str, Any]) -> Any:
        namespace = self._server.namespace
        return {
            "status": "ok",
            "queues": [queue.settings.name for queue in namespace.queues.values()],
            "connections": len(self._server.connections),
        }

    def _queues(self, _body: dict[str, Any]) -> Any:
        self._server.turn()
        queues = self._server.namespace.queues.values()
        return {queue.settings.name: counts(queue) for queue in queues}

    def _clock(self, _body: dict[str, Any]) -> Any:
        clock = self._server.namespace.clock
        return {"now_ms": clock.now(), "ahead_seconds": clock.ahead_ms / 1000}

    def _advance(self, body: dict[str, Any]) -> Any:
        seconds = body.get("advance")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
            raise HttpError(HTTPStatus.BAD_REQUEST, 'Send {"advance": seconds}, not negative.')
        self._server.namespace.advance(seconds)
        self._server.turn()
        return self._clock(body)

    def _faults(self, _body: dict[str, Any]) -> Any:
        return self._server.faults.describe()

    def _order(self, body: dict[str, Any]) -> Any:
        order_faults(self._server, body)
        self._server.turn()
        return self._server.faults.describe()

    def _purge(self, name: str) -> Any:
        try:
            queue = self._server.namespace.find(name)
        except BrokerError as error:
            raise HttpError(HTTPStatus.NOT_FOUND, error.description) from error
        purged = purge(queue)
        self._server.turn()
        return {"purged": purged}
