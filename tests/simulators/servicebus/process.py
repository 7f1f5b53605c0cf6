"""The simulator as its users run it: a process of its own, spoken to by SDKs and over HTTP."""

import json
import os
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

KEY = "SAS_KEY_VALUE"


def write_config(path: Path, queues: dict[str, dict[str, Any]]) -> Path:
    """Write an emulator configuration with these queues and properties."""
    declared = [{"Name": name, "Properties": properties} for name, properties in queues.items()]
    namespace = {"Name": "sbemulatorns", "Queues": declared, "Topics": []}
    document = {"UserConfig": {"Namespaces": [namespace], "Logging": {"Type": "File"}}}
    path.write_text(json.dumps(document))
    return path


def command(*arguments: str | Path) -> list[str]:
    """Return the command line that runs the simulator."""
    return [sys.executable, "-m", "simulators.servicebus", *map(str, arguments)]


class SimulatorProcess:
    """A running simulator; it can be killed and started again on its port and data."""

    def __init__(self, config: Path, data: Path | None = None) -> None:
        self._config = config
        self._data = data
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start and wait for the ready line."""
        data: list[str | Path] = [] if self._data is None else ["--data", self._data]
        self._process = subprocess.Popen(
            command("--config", self._config, "--port", str(self.port), *data),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.ready_line = self._process.stdout.readline()
        assert "ready" in self.ready_line, f"the simulator ended with {self._process.wait()}"
        self.port = int(self.ready_line.rpartition(":")[2].split()[0])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        os.kill(self._process.pid, number)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return self._process.wait(10)

    def restart_after_kill(self) -> None:
        """Kill without warning and start again on the same port."""
        self.stop(signal.SIGKILL)
        self.start()

    def connection_string(self, key: str = KEY) -> str:
        """Return what the SDK needs."""
        return (
            f"Endpoint=sb://127.0.0.1:{self.port};SharedAccessKeyName=RootManageSharedAccessKey;"
            f"SharedAccessKey={key};UseDevelopmentEmulator=true;"
        )

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return status and decoded answer of the control side."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def order(self, **faults: Any) -> None:
        """Switch faults on."""
        status, answer = self.ask("POST", "/__sim/faults", faults)
        assert status == 200, answer

    def advance(self, seconds: float) -> None:
        """Move the clock ahead."""
        status, answer = self.ask("POST", "/__sim/clock", {"advance": seconds})
        assert status == 200, answer

    def counts(self, queue: str) -> dict[str, Any]:
        """Return what is in a queue."""
        counts: dict[str, Any] = self.ask("GET", "/__sim/queues")[1][queue]
        return counts
