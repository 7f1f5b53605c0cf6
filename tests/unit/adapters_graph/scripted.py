"""A server that says exactly what a test tells it to, for answers no simulator would give."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from adapters.graph.client import GraphClient
from tests.contract.graph.token import LocalToken


class Scripted:
    """Answers requests one after the other from a script, the last answer for ever."""

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[web.Request] = []
        self._script: list[tuple[int, Any, Mapping[str, str]]] = []

    def say(self, body: Any, status: int = 200, **headers: str) -> None:
        """Add an answer; bytes and text go out as they are, anything else as JSON."""
        self._script.append((status, body, headers))

    def client(self) -> GraphClient:
        """Return a client of ours that takes this for Graph."""
        return GraphClient(f"{self.url}/v1.0", LocalToken(), tries=1)

    async def answer(self, request: web.Request) -> web.Response:
        await request.read()
        self.seen.append(request)
        status, body, headers = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(body, bytes):
            return web.Response(status=status, body=body, headers=headers)
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)


@asynccontextmanager
async def scripted() -> AsyncIterator[Scripted]:
    """Start the server on a free port."""
    server = Scripted()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = "http://{}:{}".format(*runner.addresses[0])
    try:
        yield server
    finally:
        await runner.cleanup()
