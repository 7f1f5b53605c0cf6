"""python -m simulators.graph: one simulated Microsoft Graph on one port."""

import argparse
import asyncio
import errno
import signal
import sys
from pathlib import Path

from aiohttp import web

from simulators.graph.crowd import Crowd
from simulators.graph.server import build_app
from simulators.graph.settings import Settings, SettingsError, read_settings
from simulators.graph.tenant import TenantError, read_tenant_file
from simulators.graph.world import World

WRONG_USE = 2
PATIENCE = 0.5  # seconds that open requests get when we are told to stop


def main() -> int:
    """Run until told to stop; return the exit code."""
    arguments = _arguments()
    try:
        world = _world(arguments)
        asyncio.run(_serve(world, arguments.host, arguments.port))
    except (SettingsError, TenantError) as error:
        return _complain(str(error))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            where = f"port {arguments.port} on {arguments.host}"
            return _complain(f"{where} is taken; choose another with --port")
        return _complain(f"cannot listen on {arguments.host}:{arguments.port}: {error.strerror}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators.graph", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8088)
    parser.add_argument("--tenant", type=Path, help="a tenant document to start with")
    parser.add_argument("--settings", type=Path, help="a settings document")
    parser.add_argument(
        "--crowd",
        type=int,
        default=0,
        metavar="PEOPLE",
        help="generated people beside the tenant's own",
    )
    return parser.parse_args()


def _world(arguments: argparse.Namespace) -> World:
    world = World(read_settings(arguments.settings) if arguments.settings else Settings())
    if arguments.tenant:
        world.load(read_tenant_file(arguments.tenant))
    if arguments.crowd:
        world.gather(Crowd(arguments.crowd))
    return world


async def _serve(world: World, host: str, port: int) -> None:
    runner = web.AppRunner(build_app(world), access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        actual = runner.addresses[0][1]
        users, groups = len(world.directory.users), len(world.directory.groups)
        where = f"http://{host}:{actual}/v1.0"
        sys.stdout.write(f"Graph simulator ready on {where} ({users} users, {groups} groups)\n")
        sys.stdout.flush()
        await _told_to_stop()
    finally:
        await runner.cleanup()


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _complain(sentence: str) -> int:
    sys.stderr.write(f"Graph simulator: {sentence}\n")
    return WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
