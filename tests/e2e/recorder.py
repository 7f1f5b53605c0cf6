"""A witness between the host and Graph: writes down every write, and says when one is under way.

It knows neither Seatflow nor the simulator: what it writes down is what went over the wire. A trap
stops the world at one exact step, so that a process can be killed right there.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import aiohttp
from aiohttp import web

type Step = Literal["before", "after"]

_GROUP = r"/groups/(?P<group>[^/?]+)"
_PATCH = re.compile(_GROUP + r"$")
_ADD = re.compile(_GROUP + r"/members/\$ref$")
_REMOVE = re.compile(_GROUP + r"/members/(?P<person>[^/?]+)/\$ref$")
_LOOK_AGAIN = re.compile(r"/users/(?P<person>[^/?]+)/reprocessLicenseAssignment$")
_HARMLESS = re.compile(r"/(subscriptions.*|directoryObjects/getByIds|users/[^/]+/getMemberGroups)$")
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length"}


@dataclass(frozen=True)
class Written:
    """One membership write, whatever came of it."""

    action: Literal["grant", "revoke"]
    group: str
    person: str


@dataclass
class Trap:
    """Springs at a batch of writes: `before` it reaches Graph, or `after`, before the answer."""

    step: Step
    skip: int = 0
    """So many batches of writes go through first."""
    cut: bool = True
    """The connection ends then, as that of a dead process does; else all goes on, late."""
    sprung: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def spring(self) -> None:
        """Say so, and keep the request until whoever set the trap has done what they came for."""
        self.sprung.set()
        await self.released.wait()


class Recorder:
    """A proxy on a free port; `url` stands in for Graph's."""

    def __init__(self) -> None:
        self.written: list[Written] = []
        self.foreign: list[str] = []
        """Requests that may change something and are not about members of a group."""
        self.looked_at: set[str] = set()
        """People whose licenses Entra was asked to look at again."""
        self.trap: Trap | None = None
        self.graph_url = ""
        self._wrote = asyncio.Event()

    @property
    def url(self) -> str:
        """Where the host finds Graph."""
        return f"http://127.0.0.1:{self._port}"

    async def next_write(self) -> None:
        """Wait until something more is written."""
        self._wrote.clear()
        await self._wrote.wait()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=None), auto_decompress=False
        )
        app = web.Application(client_max_size=0)
        app.router.add_route("*", "/{path:.*}", self._pass)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port: int = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
        except ConnectionError:
            return _cut(request)  # Whoever asked died while asking.
        writes = self._write_down(request, body)
        trap = self._due_trap() if writes else None
        if trap and trap.step == "before":
            await trap.spring()
            if trap.cut:
                return _cut(request)
            trap = None
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _HOP_BY_HOP}
        headers["Host"] = request.headers["Host"]  # The links in Graph's answers lead back here.
        try:
            async with self._session.request(
                request.method, self.graph_url + request.raw_path, data=body, headers=headers
            ) as reply:
                if trap:
                    await reply.read()
                    await trap.spring()
                    if trap.cut:
                        return _cut(request)
                return await _answer(request, reply)
        except (aiohttp.ClientError, ConnectionError):
            return _cut(request)

    def _write_down(self, request: web.Request, body: bytes) -> bool:
        path = re.sub(r"^/v1\.0", "", request.path)
        if path == "/$batch":
            calls = [
                (one["method"], one["url"].partition("?")[0], one.get("body"))
                for one in json.loads(body)["requests"]
            ]
        else:
            calls = [(request.method, path, json.loads(body) if body else None)]
        found = [entry for call in calls for entry in self._entries(*call)]
        if found:
            self.written += found
            self._wrote.set()
        return bool(found)

    def _entries(self, method: str, path: str, body: Any) -> Iterator[Written]:
        if method == "GET" or _HARMLESS.match(path):
            return
        if method == "PATCH" and (at := _PATCH.match(path)) and set(body) == {_BIND}:
            yield from (Written("grant", at["group"], _last(link)) for link in body[_BIND])
        elif method == "POST" and (at := _ADD.match(path)):
            yield Written("grant", at["group"], _last(body["@odata.id"]))
        elif method == "DELETE" and (at := _REMOVE.match(path)):
            yield Written("revoke", at["group"], at["person"])
        elif method == "POST" and (at := _LOOK_AGAIN.match(path)):
            self.looked_at.add(at["person"])
        else:
            self.foreign.append(f"{method} {path}")

    def _due_trap(self) -> Trap | None:
        if self.trap is None or self.trap.skip:
            if self.trap is not None:
                self.trap.skip -= 1
            return None
        trap, self.trap = self.trap, None
        return trap


_BIND = "members@odata.bind"


def _last(link: str) -> str:
    return link.rsplit("/", 1)[-1]


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _answer(request: web.Request, reply: aiohttp.ClientResponse) -> web.StreamResponse:
    """Pass on what comes, as much as comes: half a body stays half a body."""
    headers = {k: v for k, v in reply.headers.items() if k.lower() not in _HOP_BY_HOP}
    if "Content-Length" in reply.headers:
        headers["Content-Length"] = reply.headers["Content-Length"]
    answer = web.StreamResponse(status=reply.status, headers=headers)
    await answer.prepare(request)
    async for part in reply.content.iter_any():
        await answer.write(part)
    await answer.write_eof()
    return answer
