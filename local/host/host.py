"""Puts the parts together: reads the app, refuses what it cannot run, serves, stops."""

import asyncio
import os
import secrets
import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from aiohttp import web

from local.host.admin import Admin
from local.host.bindings import HttpTrigger, QueueTrigger, TimerTrigger, Trigger, read_trigger
from local.host.clock import Clock, utc_now
from local.host.connections import Connections
from local.host.errors import PORT_TAKEN, HostError
from local.host.host_json import HostJson, read_host_json
from local.host.invocations import Invocations
from local.host.logs import start_logging
from local.host.queues import QueueListener
from local.host.settings import is_disabled, load_local_settings
from local.host.timer_status import TimerStatus
from local.host.timers import Timer, read_timer
from local.host.web import Endpoint, Keys, make_app, read_endpoints
from local.host.worker import Worker

ADDRESS = "127.0.0.1"
# What running invocations are given to finish when the host is told to stop, in seconds.
PATIENCE = 10.0


@dataclass(frozen=True)
class Options:
    """The command line: the app's folder, the port (0: any), whether keys are asked for."""

    app_dir: Path
    port: int = 7071
    enable_auth: bool = False
    timer_status: Path | None = None


@dataclass
class Host:
    """One app being served. Make it with `prepare`, then `start`, `watch` and `stop`."""

    options: Options
    clock: Clock
    config: HostJson
    invocations: Invocations
    triggers: dict[str, Trigger]
    endpoints: list[Endpoint]
    timers: dict[str, Timer]
    listeners: list[QueueListener]
    keys: Keys
    _socket: socket.socket
    _resources: AsyncExitStack

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._socket.getsockname()[1])

    async def start(self) -> None:
        """Serve HTTP, timers and queues."""
        admin = Admin(self.triggers, self.timers, self.invocations, self.keys)
        app = make_app(self.endpoints, self.keys, self.invocations, admin.routes())
        self._server = web.AppRunner(app, access_log=None, shutdown_timeout=PATIENCE)
        await self._server.setup()
        await web.SockSite(self._server, self._socket).start()
        self._timers = [asyncio.create_task(timer.run()) for timer in self.timers.values()]
        self._queues = [asyncio.create_task(queue.run()) for queue in self.listeners]

    async def watch(self) -> None:
        """Return never, unless a listener or a timer breaks; raises what it broke with."""
        await asyncio.gather(*self._timers, *self._queues)
        await asyncio.Event().wait()

    async def stop(self) -> bool:
        """Take no more work and let running invocations finish. Returns whether they all did."""
        end = monotonic() + PATIENCE
        for timer in self.timers.values():
            timer.stop()
        await asyncio.gather(
            self._server.cleanup(), *(listener.stop(PATIENCE) for listener in self.listeners)
        )
        late = await self.invocations.finish(max(0.0, end - monotonic()))
        await asyncio.gather(*self._timers, *self._queues, return_exceptions=True)
        await self._resources.aclose()
        return not late


async def prepare(options: Options, clock: Clock = utc_now) -> Host:
    """Read the app and what it asks for; HostError says what is wrong, with nothing started."""
    resources = AsyncExitStack()
    reserved = resources.enter_context(_reserve(options.port))
    load_local_settings(options.app_dir, os.environ)
    config = read_host_json(options.app_dir, os.environ)
    running: dict[str, str] = {}
    start_logging(running)
    worker = await Worker.start(options.app_dir, running)
    resources.callback(worker.stop)
    triggers = _read_triggers(worker)
    invocations = Invocations(worker, config.function_timeout)
    status = TimerStatus(options.timer_status)
    timers = [t for t in triggers.values() if isinstance(t, TimerTrigger)]
    queues = [t for t in triggers.values() if isinstance(t, QueueTrigger)]
    connections = await resources.enter_async_context(Connections(os.environ))
    return Host(
        options=options,
        clock=clock,
        config=config,
        invocations=invocations,
        triggers=triggers,
        endpoints=read_endpoints(
            (t for t in triggers.values() if isinstance(t, HttpTrigger)), config.route_prefix
        ),
        timers={t.function: read_timer(t, invocations, status, clock) for t in timers},
        listeners=[
            QueueListener(t, await connections.client(t), config.service_bus, invocations, clock)
            for t in queues
        ],
        keys=Keys(_key() if options.enable_auth else None),
        _socket=reserved,
        _resources=resources,
    )


def _read_triggers(worker: Worker) -> dict[str, Trigger]:
    served = (f for f in worker.functions.values() if not is_disabled(f.name, os.environ))
    return {function.name: read_trigger(function, os.environ) for function in served}


def _reserve(port: int) -> socket.socket:
    reserved = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        reserved.bind((ADDRESS, port))
    except OSError as wrong:
        reserved.close()
        sentence = (
            f"Port {port} cannot be listened on: {wrong.strerror}; choose another with --port."
        )
        raise HostError(sentence, code=PORT_TAKEN) from None
    return reserved


def _key() -> str:
    key = os.environ.get("HOST_KEY")
    if not key:
        key = secrets.token_urlsafe(32)
        print(f"Host key: {key}", flush=True)  # noqa: T201 (shown once, as no setting holds it)
    return key
