"""Usage reports: an address that carries its own permission, and what is behind it.

Graph docs, reportroot-getoffice365activeuserdetail: 302 to an address that is good for minutes and
takes no token.
"""

import re
from urllib.parse import urlsplit

from aiohttp import web

from simulators.graph import errors
from simulators.graph.errors import GraphError
from simulators.graph.reports import NAME, PERIODS, active_users
from simulators.graph.wire import Request, Response
from simulators.graph.world import World

FOUND = 302
DOWNLOAD = "/data/v1.0/download"
_CALL = re.compile(r"(?P<name>\w+)\((?P<option>period|date)='?(?P<value>[\w-]+)'?\)")
_CHUNK = 1_000


def get_report(world: World, request: Request) -> Response:
    """GET /reports/getOffice365ActiveUserDetail(period='D180')."""
    called = _CALL.fullmatch(request.args["report"])
    if called is None or called["name"] != NAME:
        raise errors.unknown_segment(request.args["report"])
    if called["option"] == "period" and called["value"] not in PERIODS:
        raise errors.bad_request("Invalid period value specified.")
    token = world.tokens.issue({"report": NAME})
    parts = urlsplit(request.base_url)
    return Response(
        FOUND, headers={"Location": f"{parts.scheme}://{parts.netloc}{DOWNLOAD}?token={token}"}
    )


def download(world: World) -> web.RouteDef:
    """Return the route of the addresses that reports give."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if "Authorization" in request.headers:
            # What holds such files takes the address's permission or a token, and not both.
            return web.Response(status=401, text="Only one way to authenticate may be used.")
        try:
            ttl = world.settings.report_address_ttl
            known = world.tokens.read(request.query.get("token", ""), ttl)
        except GraphError:
            known = None
        if known is None:
            return web.Response(status=403, text="The address has expired.")
        return await _stream(world, request)

    return web.get(DOWNLOAD, answer)


async def _stream(world: World, request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/csv; charset=utf-8"})
    await response.prepare(request)
    part: list[str] = []
    for line in active_users(world.directory, world.settings, world.clock.now()):
        part.append(line)
        if len(part) == _CHUNK:
            await response.write("".join(part).encode())
            part.clear()
    await response.write("".join(part).encode())
    await response.write_eof()
    return response
