"""The Service Bus simulator for the tests: the app's own queues, on a free port."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.contract.azurite import ROOT


@dataclass(frozen=True, slots=True)
class Simulator:
    """A running simulator."""

    port: int

    @property
    def connection_string(self) -> str:
        return (
            f"Endpoint=sb://127.0.0.1:{self.port};SharedAccessKeyName=RootManageSharedAccessKey;"
            "SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;"
        )

    def now(self) -> datetime:
        """Return the time as the simulator has it."""
        return datetime.fromtimestamp(self.ask("/__sim/clock")["now_ms"] / 1000, UTC)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.ask("/__sim/clock", {"advance": seconds})

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(urllib.request.Request(url, data)) as answer:
            return json.load(answer)


@contextmanager
def running_simulator(port: int = 0) -> Iterator[Simulator]:
    """Start the simulator and stop it in the end."""
    command = [sys.executable, "-m", "simulators.servicebus", "--port", str(port)]
    command += ["--config", str(ROOT / "infra" / "servicebus.json")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            ready = process.stdout.readline()
            yield Simulator(int(ready.split("://")[1].split()[0].rsplit(":", 1)[1]))
        finally:
            process.terminate()
