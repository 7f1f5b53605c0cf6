"""HTTP around the service: aiohttp in, our values through, aiohttp out."""

import asyncio
from collections.abc import AsyncIterator
from email.utils import formatdate

import orjson
from aiohttp import web

from simulators.graph.control import control_routes
from simulators.graph.faults import CutShort
from simulators.graph.responses.reports import download
from simulators.graph.service import JSON, Service
from simulators.graph.wire import Request, Response
from simulators.graph.world import World

VERSIONS = frozenset({"v1.0", "beta"})
LARGEST_BODY = 512 * 1024 * 1024  # a tenant document is large
LONGEST_SILENCE = 600
WORLD = web.AppKey("world", World)


def build_app(world: World) -> web.Application:
    """Return the web application of one simulated service."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app[WORLD] = world
    app.router.add_routes(control_routes(world))
    app.router.add_routes([download(world)])
    endpoint = Endpoint(world)
    app.router.add_route("*", "/{version}/{path:.*}", endpoint.answer)
    app.cleanup_ctx.append(_background)
    return app


async def _background(app: web.Application) -> AsyncIterator[None]:
    async with app[WORLD].running():
        yield


class Endpoint:
    """Turns an aiohttp request into ours and our response into an aiohttp one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._service = Service(world)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer any Graph request."""
        version = request.match_info["version"]
        if version not in VERSIONS:
            raise web.HTTPNotFound(text=f"Invalid version: {version}")
        if self._world.settings.latency:
            await asyncio.sleep(self._world.settings.latency)
        asked = Request(
            method=request.method,
            path="/" + request.match_info["path"].strip("/"),
            query=request.query,
            headers=request.headers,
            body=await request.read(),
            base_url=f"http://{request.host}/{version}",
        )
        try:
            return self._http(await self._service.handle(asked))
        except CutShort as cut:
            return await _cut_short(request, cut)

    def _http(self, response: Response) -> web.Response:
        headers = {"Date": formatdate(self._world.clock.now(), usegmt=True), **response.headers}
        if response.body is None:
            return web.Response(status=response.status, headers=headers)
        if isinstance(response.body, str):
            return web.Response(status=response.status, text=response.body, headers=headers)
        headers["Content-Type"] = JSON
        return web.Response(
            status=response.status, body=orjson.dumps(response.body), headers=headers
        )


async def _cut_short(request: web.Request, cut: CutShort) -> web.StreamResponse:
    """End the connection badly: after half an answer, at once, or by saying nothing."""
    response = web.StreamResponse(headers={"Content-Type": JSON, "Content-Length": "1000"})
    if cut.how == "timeout":
        await _until_gone(request)
    if cut.how == "half":
        await response.prepare(request)
        await response.write(b'{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#us')
    if request.transport is not None:
        request.transport.abort() if cut.how == "none" else request.transport.close()
    return response


async def _until_gone(request: web.Request) -> None:
    """Wait, saying nothing, until the client has had enough."""
    for _ in range(LONGEST_SILENCE * 20):
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(0.05)
