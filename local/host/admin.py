"""The host's own endpoints, as Azure's has them: run a function now, list them, status."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from aiohttp import web

from local.host.bindings import HttpTrigger, QueueTrigger, TimerTrigger, Trigger
from local.host.invocations import Invocations
from local.host.timers import Timer
from local.host.web import Keys
from local.host.wire_service_bus import Message, one_message, service_bus_batch

type Starter = Callable[[str], Awaitable[Any]]


@dataclass
class Admin:
    """`POST /admin/functions/NAME`, `GET /admin/functions` and `GET /admin/host/status`."""

    triggers: Mapping[str, Trigger]
    timers: Mapping[str, Timer]
    invocations: Invocations
    keys: Keys

    def __post_init__(self) -> None:
        self._started: set[asyncio.Future[Any]] = set()

    def routes(self) -> web.RouteTableDef:
        """Return the routes for the server."""
        routes = web.RouteTableDef()
        routes.post("/admin/functions/{name}")(self._guarded(self._run))
        routes.get("/admin/functions")(self._guarded(self._list))
        routes.get("/admin/host/status")(self._guarded(self._status))
        return routes

    def _guarded(
        self, handler: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def guarded(request: web.Request) -> web.Response:
            if not self.keys.admit("admin", request.headers, request.query):
                return web.Response(status=HTTPStatus.UNAUTHORIZED)
            return await handler(request)

        return guarded

    async def _run(self, request: web.Request) -> web.Response:
        trigger = self.triggers.get(request.match_info["name"])
        if trigger is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        if isinstance(trigger, HttpTrigger):
            text = f"{trigger.function} is an HTTP function; call its route."
            return web.Response(status=HTTPStatus.BAD_REQUEST, text=text)
        try:
            given = _input(await request.text())
        except ValueError as wrong:
            return web.Response(status=HTTPStatus.BAD_REQUEST, text=str(wrong))
        started = asyncio.ensure_future(self._start(trigger, given))
        self._started.add(started)
        started.add_done_callback(self._started.discard)
        return web.Response(status=HTTPStatus.ACCEPTED)

    async def _start(self, trigger: TimerTrigger | QueueTrigger, given: str) -> None:
        if isinstance(trigger, TimerTrigger):
            await self.timers[trigger.function].fire()
            return
        message = Message(given.encode(), message_id=str(uuid4()))
        if trigger.many:
            wire = service_bus_batch([message], binary=trigger.binary)
        else:
            wire = one_message(message, binary=trigger.binary)
        await self.invocations.run(trigger.function, *wire)

    async def _list(self, _: web.Request) -> web.Response:
        found = [
            {"name": name, "trigger": type(trigger).__name__.removesuffix("Trigger").lower()}
            for name, trigger in sorted(self.triggers.items())
        ]
        return web.json_response(found)

    async def _status(self, _: web.Request) -> web.Response:
        return web.json_response({"state": "Running"})


def _input(text: str) -> str:
    """Return the text of {"input": text}; no body is no input. Raises ValueError."""
    if not text:
        return ""
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        raise ValueError('The body is not JSON; it has to be {"input": "..."}.') from None
    if not isinstance(body, dict) or not isinstance(body.get("input", ""), str):
        raise ValueError('The body has to be {"input": "..."} with a text.')  # noqa: TRY004
    return str(body.get("input", ""))
