"""`python -m local.host`: serve one functions app until told to stop."""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from local.host.bindings import HttpTrigger, TimerTrigger, Trigger
from local.host.errors import HostError
from local.host.host import ADDRESS, Host, Options, prepare


def main() -> int:
    """Run the host; returns the exit code (see docs/local-host.md)."""
    options = _options()
    try:
        all_finished = asyncio.run(_serve(options))
    except HostError as wrong:
        sys.stderr.write(f"{wrong}\n{wrong.trace}")
        return wrong.code
    if not all_finished:
        # A synchronous function cannot be cancelled, and its thread would keep the process alive.
        sys.stdout.flush()
        os._exit(0)
    return 0


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m local.host", description=__doc__)
    parser.add_argument("--app", type=Path, default=Path(), help="folder with function_app.py")
    parser.add_argument("--port", type=int, default=7071, help="HTTP port; 0 for any free one")
    parser.add_argument("--enable-auth", action="store_true", help="ask for function keys")
    parser.add_argument(
        "--timer-status", type=Path, help="file that remembers the timers' last runs"
    )
    given = parser.parse_args()
    status = given.timer_status and given.timer_status.resolve()
    return Options(given.app.resolve(), given.port, given.enable_auth, status)


async def _serve(options: Options) -> bool:
    if not options.app_dir.is_dir():
        raise HostError(f"There is no folder {options.app_dir}.")
    # As under Core Tools, the app finds its own files from where it stands.
    os.chdir(options.app_dir)
    told_to_stop = asyncio.Event()
    host = await prepare(options)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    await host.start()
    _announce(host)
    broken = asyncio.create_task(host.watch())
    waiting = asyncio.create_task(told_to_stop.wait())
    await asyncio.wait({broken, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if broken.done():
        broken.result()
    waiting.cancel()
    broken.cancel()
    return await host.stop()


def _announce(host: Host) -> None:
    prefix = host.config.route_prefix
    lines = [_line(trigger, prefix) for trigger in host.triggers.values()]
    lines.append(
        f"Functions host ready on http://{ADDRESS}:{host.port} ({len(host.triggers)} functions)"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _line(trigger: Trigger, prefix: str) -> str:
    if isinstance(trigger, HttpTrigger):
        methods = ",".join(sorted(trigger.methods)) or "every method"
        path = "/".join(part for part in (prefix, trigger.route) if part)
        return f"  {trigger.function}: http {methods} /{path}"
    if isinstance(trigger, TimerTrigger):
        return f"  {trigger.function}: timer {trigger.schedule}"
    sessions = " (sessions)" if trigger.sessions else ""
    return f"  {trigger.function}: queue {trigger.queue}{sessions}"


if __name__ == "__main__":
    sys.exit(main())
