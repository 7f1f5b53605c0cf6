"""The receiver as a server: OTLP's three paths, and Application Insights' one."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from simulators.telemetry.otlp import read_lines, read_points, read_spans
from simulators.telemetry.received import Received

LARGEST_BODY = 64 * 1024 * 1024
_PROTOBUF = "application/x-protobuf"


class Receiver:
    """Takes telemetry at `url`; `received` has what came, and `more` is set whenever some does."""

    def __init__(self) -> None:
        self.received = Received()
        self.more = asyncio.Event()
        self.url = ""

    @property
    def connection_string(self) -> str:
        """An Application Insights connection string that leads here; its key is nobody's."""
        key = "00000000-0000-0000-0000-000000000001"
        return f"InstrumentationKey={key};IngestionEndpoint={self.url};LiveEndpoint={self.url}"

    def app(self) -> web.Application:
        """Return the web application."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_post("/v1/traces", self._traces)
        app.router.add_post("/v1/logs", self._logs)
        app.router.add_post("/v1/metrics", self._metrics)
        app.router.add_post("/v2.1/track", self._track)
        return app

    async def _traces(self, request: web.Request) -> web.Response:
        self.received.spans += read_spans(await request.read())
        return self._taken()

    async def _logs(self, request: web.Request) -> web.Response:
        self.received.lines += read_lines(await request.read())
        return self._taken()

    async def _metrics(self, request: web.Request) -> web.Response:
        self.received.points += read_points(await request.read())
        return self._taken()

    async def _track(self, request: web.Request) -> web.Response:
        """Take envelopes (Azure Monitor docs: ingestion endpoint), one array or one a line."""
        envelopes = _envelopes(await request.read())
        self.received.envelopes += envelopes
        self.more.set()
        count = len(envelopes)
        return web.json_response({"itemsReceived": count, "itemsAccepted": count, "errors": []})

    def _taken(self) -> web.Response:
        self.more.set()
        return web.Response(body=b"", content_type=_PROTOBUF)


@asynccontextmanager
async def receiver(port: int = 0) -> AsyncIterator[Receiver]:
    """Run a receiver on this machine while inside; on a free port, unless one is named."""
    made = Receiver()
    runner = web.AppRunner(made.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()


def _envelopes(body: bytes) -> list[dict[str, Any]]:
    text = (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()
    if text.lstrip().startswith("["):
        found: list[dict[str, Any]] = json.loads(text)
        return found
    return [json.loads(line) for line in text.splitlines() if line.strip()]
