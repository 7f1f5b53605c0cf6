"""Azurite for the tests: blobs and tables in memory, on free ports, one for the whole session."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 30.0
"""Seconds to start: Node on a busy machine."""


@dataclass(frozen=True, slots=True)
class Azurite:
    """Where a running Azurite listens."""

    blobs: str
    tables: str


@contextmanager
def running_azurite() -> Iterator[Azurite]:
    """Start Azurite and stop it in the end."""
    with ExitStack() as stack:
        ports = {service: stack.enter_context(_service(service)) for service in ("blob", "table")}
        urls = {name: f"http://127.0.0.1:{port}/devstoreaccount1" for name, port in ports.items()}
        yield Azurite(blobs=urls["blob"], tables=urls["table"])


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _service(service: str) -> Iterator[int]:
    port = free_port()
    node = shutil.which("node") or "node"
    main = ROOT / "node_modules" / "azurite" / "dist" / "src" / service / "main.js"
    flags = ["--silent", "--skipApiVersionCheck", "--disableTelemetry", "--inMemoryPersistence"]
    command = [node, str(main), f"--{service}Port", str(port), *flags]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"Azurite did not come up on port {port}.")
