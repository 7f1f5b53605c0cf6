"""A small webhook endpoint that can behave well or badly."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Receiver:
    """What came in, and how to answer: `echo` the handshake, then each `status` in turn."""

    address: str = ""
    echo: str | None = None
    content_type: str = "text/plain"
    silent: bool = False
    statuses: list[int] = field(default_factory=list)
    handshakes: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    posts: list[list[dict[str, Any]]] = field(default_factory=list)

    @property
    def items(self) -> list[dict[str, Any]]:
        """All notifications, whatever POST they came in."""
        return [item for post in self.posts for item in post]

    async def answer(self, request: web.Request) -> web.Response:
        token = request.query.get("validationToken")
        if token is not None:
            return await self._shake_hands(request, token)
        self.queries.append(request.query_string)
        document = await request.json()
        status = self.statuses.pop(0) if self.statuses else 202
        if status < 300:
            self.posts.append(document["value"])
        return web.Response(status=status)

    async def _shake_hands(self, request: web.Request, token: str) -> web.Response:
        self.handshakes.append(request.rel_url.raw_query_string)
        if self.silent:
            await asyncio.Event().wait()
        status = self.statuses.pop(0) if self.statuses else 200
        body = (token if self.echo is None else self.echo).encode()
        return web.Response(status=status, body=body, content_type=self.content_type)


@contextlib.asynccontextmanager
async def receiver(**behavior: Any) -> AsyncIterator[Receiver]:
    """Run a receiver on a free port while inside."""
    one = Receiver(**behavior)
    app = web.Application()
    app.router.add_post("/{tail:.*}", one.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield one
    finally:
        await runner.cleanup()
