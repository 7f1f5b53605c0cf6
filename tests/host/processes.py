"""Starts what the tests talk to, the host and the Service Bus simulator, and reads their words."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 60.0


class Process:
    """A Python module run in a process of its own; both its outputs are read into `lines`."""

    def __init__(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._child = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()
        self._ended()

    def wait_for(self, pattern: str, *, times: int = 1, seconds: float = PATIENCE) -> list[str]:
        """Return the lines that match, as soon as there are so many of them."""
        with self._changed:
            self._changed.wait_for(
                lambda: len(self.found(pattern)) >= times or not self._reader.is_alive(), seconds
            )
        found = self.found(pattern)
        assert len(found) >= times, f"{len(found)} of {times} {pattern!r} in:\n{self.output}"
        return found

    def found(self, pattern: str) -> list[str]:
        return [line for line in list(self.lines) if re.search(pattern, line)]

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def terminate(self) -> None:
        self._child.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self._child.kill()

    def exit_code(self) -> int:
        """Wait for the process to end by itself and return its exit code."""
        return self._ended()

    def _ended(self) -> int:
        code = self._child.wait(PATIENCE)
        self._reader.join(PATIENCE)
        if self._child.stdout:
            self._child.stdout.close()
        return code

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        return json.loads(self.body)


class RunningHost(Process):
    """The local functions host on a free port, with one app."""

    def __init__(self, app: Path, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        super().__init__("local.host", "--app", str(app), "--port", "0", *arguments, env=env)

    def ready(self) -> Self:
        line = self.wait_for(r"^Functions host ready on ")[0]
        self.url = line.split()[4]
        return self

    def call(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        request = urllib.request.Request(
            self.url + path, data=body, method=method, headers=dict(headers or {})
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return Reply(answer.status, answer.read(), dict(answer.headers))
        except urllib.error.HTTPError as refused:
            with refused:
                return Reply(refused.code, refused.read(), dict(refused.headers))


def write_app(
    folder: Path,
    source: str,
    *,
    host_json: Mapping[str, Any] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Path:
    """Write a functions app: its imports are there already, `app` too."""
    folder.mkdir(exist_ok=True)
    head = "import asyncio, json, logging, os, time, typing\nimport azure.functions as func\n"
    (folder / "function_app.py").write_text(f"{head}app = func.FunctionApp()\n{source}")
    (folder / "host.json").write_text(json.dumps(host_json or {"version": "2.0"}))
    values = {"IsEncrypted": False, "Values": dict(settings or {})}
    (folder / "local.settings.json").write_text(json.dumps(values))
    return folder


def failed_start(app: Path, *arguments: str, **env: str) -> tuple[int, str]:
    """Start a host that is expected to refuse; return its exit code and everything it said."""
    with RunningHost(app, *arguments, env=env) as host:
        code = host.exit_code()
        return code, host.output
