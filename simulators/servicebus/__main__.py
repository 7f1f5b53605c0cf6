"""`python -m simulators.servicebus`: serve the declared queues until told to stop."""

import argparse
import asyncio
import errno
import signal
import sys
from pathlib import Path

from simulators.servicebus.broker.namespace import Namespace
from simulators.servicebus.config import ConfigError, load_queues
from simulators.servicebus.simulator import DEFAULT_KEY, open_namespace, serving
from simulators.servicebus.store import StoreError

_UNUSABLE = 2


def main() -> int:
    """Run the simulator; return 0 when stopped by a signal, 2 when it could not start."""
    arguments = _arguments()
    try:
        namespace = open_namespace(load_queues(arguments.config), arguments.data)
        asyncio.run(_serve(namespace, arguments))
    except (ConfigError, StoreError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(_why_no_port(error, arguments))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m simulators.servicebus",
        description="A Service Bus namespace on this machine: AMQP 1.0, and HTTP at /__sim/.",
    )
    parser.add_argument("--config", type=Path, required=True, help="queues, as emulator JSON")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=_port, default=5672, help="port, 0 for a free one")
    parser.add_argument("--data", type=Path, help="directory in which messages survive a restart")
    parser.add_argument("--key", default=DEFAULT_KEY, help="shared access key that is let in")
    return parser.parse_args()


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError(text)
    return port


async def _serve(namespace: Namespace, arguments: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with serving(namespace, arguments.host, arguments.port, arguments.key) as port:
        count = len(namespace.queues)
        queues = "1 queue" if count == 1 else f"{count} queues"
        sys.stdout.write(
            f"Service Bus simulator ready on amqp://{arguments.host}:{port} ({queues})\n"
        )
        sys.stdout.flush()
        await stopped.wait()


def _why_no_port(error: OSError, arguments: argparse.Namespace) -> str:
    where = f"Port {arguments.port} on {arguments.host}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is already taken: stop what uses it or choose another with --port."
    return f"{where} cannot be used: {error.strerror}."


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return _UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
