"""A running simulator and its clients: the real SDK, and plain HTTP for what the SDK hides."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import aiohttp
import httpx
from aiohttp import web
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_http.middleware.options import RetryHandlerOption
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient
from msgraph_core import GraphClientFactory  # type: ignore[import-untyped]

from simulators.graph.server import build_app
from simulators.graph.settings import Settings
from simulators.graph.tenant import tenant_from
from simulators.graph.world import World

TOKEN = {"Authorization": "Bearer local"}
PATIENCE = 30.0


class _Token(AccessTokenProvider):
    async def get_authorization_token(self, uri: str, additional: Any = None) -> str:
        return "local"

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        return AllowedHostsValidator([])


class Simulation:
    """One simulator with its clients."""

    def __init__(self, world: World, address: str, http: aiohttp.ClientSession) -> None:
        self.world = world
        self.address = address
        self.http = http
        # The SDK wraps the transport and forgets to close it.
        self._pool = httpx.AsyncHTTPTransport(verify=False)
        client = GraphClientFactory.create_with_default_middleware(
            client=httpx.AsyncClient(transport=self._pool),
            options={RetryHandlerOption.get_key(): RetryHandlerOption(max_retries=0)},
        )
        self.adapter = GraphRequestAdapter(
            BaseBearerTokenAuthenticationProvider(_Token()), client=client
        )
        self.adapter.base_url = f"{address}/v1.0"
        self.sdk = GraphServiceClient(request_adapter=self.adapter)

    async def close(self) -> None:
        """Close the SDK's connections."""
        await self._pool.aclose()

    async def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Return status, JSON and headers of a plain call; `path` may be a link."""
        url = path if path.startswith("http") else f"{self.address}/v1.0{path}"
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = self.http.request(
            method, url, json=body, headers=TOKEN | names, allow_redirects=False
        )
        async with asked as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None, answer.headers

    async def get(self, path: str, **headers: str) -> Any:
        """Return the JSON of a read that works."""
        status, body, _ = await self.call("GET", path, **headers)
        assert status == 200, body
        return body

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """Use a switch that works."""
        async with self.http.request(method, f"{self.address}/__sim/{path}", json=body) as answer:
            document = await answer.json()
            assert answer.status == 200, document
            return document

    async def settle(self) -> None:
        """Let all licensing work fall due and wait until it is done."""
        await until(lambda: self.world.licensing.pending == 0)

    async def round(self, link: str, **headers: str) -> tuple[list[Any], str, int]:
        """Follow a delta round: all objects, the deltaLink, the number of pages."""
        value: list[Any] = []
        for pages in range(1, 1_000):
            page = await self.get(link, **headers)
            value += page["value"]
            assert ("@odata.nextLink" in page) != ("@odata.deltaLink" in page)
            if "@odata.deltaLink" in page:
                return value, page["@odata.deltaLink"], pages
            link = page["@odata.nextLink"]
        raise AssertionError("the round does not end")


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition; fail when it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def simulation(tenant: dict[str, Any], **settings: Any) -> AsyncIterator[Simulation]:
    """Run a simulator on a free port while inside."""
    quick = {"license_delay": 0, "notification_delay": 0, "notification_retry": 0.01}
    world = World(Settings(**(quick | settings)))
    world.load(tenant_from(json.dumps(tenant).encode()))
    runner = web.AppRunner(build_app(world), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as http:
        running = Simulation(world, address, http)
        try:
            yield running
        finally:
            await running.close()
            await runner.cleanup()
