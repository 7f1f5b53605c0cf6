"""The Graph simulator as a process of its own, and its switches."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from adapters.graph.client import GraphClient
from tests.contract.graph.token import LocalToken

ROOT = Path(__file__).resolve().parents[3]

type Json = dict[str, Any]

SETTINGS: Json = {
    "delta_page_size": 2,
    "delta_member_slice": 2,
    "delta_managers_apart": 0.5,
    "delta_empty_pages": 0.3,
    "delta_duplicates": 0.3,
    "delta_replays": 0.5,
    "license_delay": 0,
}
"""Everything the docs say a round of changes may do to a client."""


@contextmanager
def running_simulator(*arguments: str) -> Iterator[str]:
    """Start the simulator, on a free port unless told otherwise, and stop it in the end; the
    address has no version."""
    command = [sys.executable, "-m", "simulators.graph", "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()  # it says where it listens, or nothing if it died
            assert " on http" in ready, "the Graph simulator did not start"
            yield ready.split(" on ")[1].split("/v1.0")[0]
        finally:
            process.terminate()


class SimulatedGraph:
    """One test's use of the simulator: a client of ours, and the switches behind the curtain."""

    def __init__(self, url: str, defaults: Json) -> None:
        self.url = url
        self.defaults = defaults
        self.client = self.another_client()

    def another_client(self, **patience: Any) -> GraphClient:
        """Return a client that waits for nothing, unless told to."""
        return GraphClient(f"{self.url}/v1.0", LocalToken(), **({"tries": 1} | patience))

    async def load(self, tenant: Json, **settings: Any) -> None:
        """Begin anew with a tenant, no faults and these settings."""
        await self.switch("DELETE", "faults")
        await self.switch("PATCH", "settings", self.defaults | SETTINGS | settings)
        await self.switch("PUT", "tenant", tenant)
        await self.switch("POST", "stats/reset")

    async def fault(self, match: str, **fault: Any) -> None:
        """Order a bad day for requests whose method and path match."""
        await self.switch("POST", "faults", {"match": match} | fault)

    async def switch(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Throw one of the simulator's switches and return what it says."""
        return await self._send(method, f"{self.url}/__sim/{path}", body)

    async def graph(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Do something to the tenant as its administrator would."""
        return await self._send(method, f"{self.url}/v1.0{path}", body)

    async def _send(self, method: str, url: str, body: Mapping[str, Any] | None) -> Any:
        headers = {"Authorization": "Bearer administrator"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, url, json=body) as response,
        ):
            assert response.status < 300, await response.text()
            return await response.json() if response.content_length else None
