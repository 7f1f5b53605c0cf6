"""A stand-in for the functions host and for the Graph simulator's control surface, over real HTTP.

It plays a story: each run takes a few looks, its changes are applied a share at a time, then
confirmed. As a program of the stack its arguments are HOST_PORT GRAPH_PORT [CHANGES ...].
"""

import asyncio
import os
import sys
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

_STATES = ("queued", "inventory", "compiling", "done")


@dataclass
class StubHost:
    """Answers like the host; `changes` is how many changes each run finds, then none."""

    changes: list[int]
    fails: str | None = None
    stuck: bool = False
    broken: int = 0
    refuses: list[str] = field(default_factory=list)
    stored: dict[str, str] = field(default_factory=dict)
    pushed_by: str = ""
    fired: list[str] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    looks: int = 0
    in_flight: int = 0
    unconfirmed: int = 0
    granted: int = 0
    watches: int = 0

    def app(self) -> web.Application:
        """Return the server."""
        app = web.Application()
        app.add_routes(
            [
                web.put("/api/v1/bundles", self._push),
                web.put("/api/v1/bundles/{id}", self._store),
                web.post("/api/v1/runs", self._start),
                web.get("/api/v1/runs/{id}", self._run),
                web.get("/api/v1/status", self._status),
                web.post("/admin/functions/{name}", self._fire),
                web.get("/__sim/stats", self._stats),
                web.get("/v1.0/subscriptions", self._subscriptions),
            ]
        )
        return app

    async def _push(self, request: web.Request) -> web.Response:
        if self.refuses:
            return web.json_response({"errors": self.refuses}, status=400)
        self.pushed_by = request.headers["X-Seatflow-By"]
        self.stored |= (await request.json())["files"]
        return web.json_response({"stored": [], "tenant": None, "findings": []})

    async def _store(self, request: web.Request) -> web.Response:
        if self.refuses:
            return web.json_response({"errors": self.refuses}, status=400)
        self.stored[request.match_info["id"]] = await request.text()
        return web.json_response({}, status=201)

    async def _start(self, request: web.Request) -> web.Response:
        self.runs.append(self.changes.pop(0) if self.changes else 0)
        self.looks = 0
        return web.json_response({"run": str(len(self.runs))}, status=202)

    async def _run(self, request: web.Request) -> web.Response:
        state = _STATES[min(self.looks, 3)]
        self.looks += 1
        changes = self.runs[-1] if state == "done" else 0
        if self.looks == 4:
            self.in_flight += changes
        if self.fails and state == "done":
            state = "failed"
        body = {"id": request.match_info["id"], "state": state, "people": 10, "bundles": 1}
        return web.json_response({**body, "changes": changes, "reason": self.fails})

    async def _status(self, request: web.Request) -> web.Response:
        if self.broken:
            self.broken -= 1
            return web.json_response({"errors": ["Storage is away."]}, status=500)
        body: dict[str, Any] = {"id": "e3", "name": "Office", "entitled": 9, "waiting": 1}
        body |= {"holders": self.granted, "granted": self.granted, "revoked": 0, "held": 0}
        body |= {"failed": 0, "in_flight": self.in_flight, "unconfirmed": self.unconfirmed}
        body |= {"reason": "2 seats too few" if self.granted else None}
        self._go_on()
        snapshot = {"taken_at": "2026-01-01T00:00:00Z", "people": 10}
        return web.json_response({"snapshot": snapshot, "bundles": [body]})

    def _go_on(self) -> None:
        applied = 0 if self.stuck else (self.in_flight + 1) // 2
        self.in_flight -= applied
        self.granted += applied
        self.unconfirmed = applied

    async def _fire(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.fired.append(name)
        self.watches += name == "renew_watches"
        return web.Response(status=202)

    async def _stats(self, request: web.Request) -> web.Response:
        return web.json_response({"requests": 1234, "resource_units": 5678})

    async def _subscriptions(self, request: web.Request) -> web.Response:
        return web.json_response({"value": [{"id": "w"}] * self.watches})


async def _serve(ports: list[int], host: StubHost) -> None:
    runner = web.AppRunner(host.app())
    await runner.setup()
    for port in ports:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    sys.stdout.write(f"ready {os.getpid()}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    asyncio.run(_serve(given[:2], StubHost(given[2:], os.environ.get("STUB_FAILS"))))
