"""HTTP triggers and the host's own endpoints, on one port."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local.host.bindings import HttpTrigger
from local.host.errors import HostError
from local.host.invocations import Invocations
from local.host.outcome import HttpReply
from local.host.routes import BadRouteError, Route
from local.host.wire_http import rpc_http

# The body limit of Azure Functions (functions-bindings-http-webhook, "Limits").
_LARGEST_BODY = 100 * 2**20
# The server writes these itself.
_NOT_PASSED_ON = frozenset({"content-length", "transfer-encoding", "connection"})


@dataclass(frozen=True)
class Endpoint:
    """An HTTP function where it is found."""

    trigger: HttpTrigger
    route: Route


def read_endpoints(triggers: Iterable[HttpTrigger], prefix: str) -> list[Endpoint]:
    """Compile the routes, most literal first.

    Raises HostError for a bad template, and naming both functions for one route and method twice.
    """
    endpoints: list[Endpoint] = []
    for trigger in triggers:
        try:
            endpoint = Endpoint(trigger, Route.read(prefix, trigger.route))
        except BadRouteError as wrong:
            raise HostError(f"Function {trigger.function!r}: {wrong}.") from None
        for other in endpoints:
            _refuse_clash(other, endpoint)
        endpoints.append(endpoint)
    return sorted(endpoints, key=lambda endpoint: endpoint.route.precedence)


class Keys:
    """Function keys: what a request has to show; nothing without a key, as under Core Tools."""

    def __init__(self, key: str | None) -> None:
        self._key = key

    def admit(self, level: str, headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
        """Whether a request with these headers and query may call a function of this level."""
        if self._key is None or level == "anonymous":
            return True
        shown = headers.get("x-functions-key") or query.get("code") or ""
        return hmac.compare_digest(shown.encode(), self._key.encode())


def make_app(
    endpoints: list[Endpoint], keys: Keys, invocations: Invocations, own_routes: web.RouteTableDef
) -> web.Application:
    """Return the server: the host's own routes first, then the functions'."""

    async def handle(request: web.Request) -> web.StreamResponse:
        for endpoint in endpoints:
            values = _match(endpoint, request)
            if values is None:
                continue
            if not keys.admit(endpoint.trigger.auth_level, request.headers, request.query):
                return web.Response(status=401)
            if not _is_text(request.headers):
                return web.Response(status=400)
            if (request.content_length or 0) > _LARGEST_BODY:
                return web.Response(status=413)
            data = await _data(request, values)
            trace_parent = request.headers.get("traceparent", "")
            name = endpoint.trigger.function
            outcome = await invocations.run(name, data, trace_parent=trace_parent)
            return _response(outcome.http)
        return web.Response(status=404)

    app = web.Application(client_max_size=_LARGEST_BODY)
    app.add_routes(own_routes)
    app.router.add_route("*", "/{path:.*}", handle)
    return app


def _match(endpoint: Endpoint, request: web.Request) -> dict[str, str] | None:
    methods = endpoint.trigger.methods
    if methods and request.method not in methods:
        return None
    return endpoint.route.match(_path(request))


def _path(request: web.Request) -> str:
    # Decoded once, as Kestrel does it: everything but an encoded slash.
    return request.rel_url.path_safe.replace("%25", "%")


def _is_text(headers: Mapping[str, str]) -> bool:
    # Kestrel reads headers as UTF-8 and refuses a request with other bytes in them.
    return not any("\udc80" <= letter <= "\udcff" for value in headers.values() for letter in value)


def _refuse_clash(one: Endpoint, other: Endpoint) -> None:
    a, b = one.trigger.methods, other.trigger.methods
    if one.route.shape == other.route.shape and (not a or not b or a & b):
        both = f"{one.trigger.function!r} and {other.trigger.function!r}"
        method = ", ".join(sorted(a & b or a or b)) or "every method"
        raise HostError(f"Functions {both} both answer {method} /{other.route.template}.")


async def _data(request: web.Request, route: Mapping[str, str]) -> Any:
    # The host looks at Content-Length, so the body of a chunked request never reaches the function.
    url = f"{request.scheme}://{request.host}{request.rel_url}"
    sent = await request.read() if request.content_length else b""
    return rpc_http(
        request.method, url, request.headers.items(), request.query.items(), route, sent
    )


def _response(reply: HttpReply) -> web.Response:
    headers = {k: v for k, v in reply.headers.items() if k.lower() not in _NOT_PASSED_ON}
    response = web.Response(status=reply.status, body=reply.body or None, headers=headers)
    for cookie in reply.cookies:
        _set_cookie(response, cookie)
    return response


def _set_cookie(response: web.Response, cookie: Any) -> None:
    same_site = {1: "Lax", 2: "Strict", 3: "None"}.get(cookie.same_site)
    expires = cookie.expires.value.ToDatetime() if cookie.HasField("expires") else None
    response.set_cookie(
        cookie.name,
        cookie.value,
        domain=cookie.domain.value or None,
        path=cookie.path.value or "/",
        expires=expires and expires.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        max_age=int(cookie.max_age.value) if cookie.HasField("max_age") else None,
        secure=cookie.secure.value,
        httponly=cookie.http_only.value,
        samesite=same_site,
    )
