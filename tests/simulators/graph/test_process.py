"""The simulator as a process: how it starts, what it refuses, how it ends."""

import asyncio
import contextlib
import json
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp

from tests.simulators.graph.tenant import small_tenant

READY = re.compile(
    r"Graph simulator ready on http://127\.0\.0\.1:(\d+)/v1\.0 \((\d+) users, (\d+) groups\)\n"
)


@contextlib.asynccontextmanager
async def process(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "simulators.graph",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            running.kill()
        await running.communicate()


async def complaint(*arguments: str) -> str:
    """Return the one line with which the simulator refuses to start."""
    async with process(*arguments) as refusing:
        out, err = await refusing.communicate()
    assert refusing.returncode == 2
    assert out == b""
    (line,) = err.decode().splitlines()
    return line


async def test_it_says_when_it_is_ready_and_stops_when_told(tmp_path: Path) -> None:
    tenant = tmp_path / "tenant.json"
    tenant.write_text(json.dumps(small_tenant()))
    for number in (signal.SIGTERM, signal.SIGINT):
        async with process("--port", "0", "--tenant", str(tenant)) as running:
            assert running.stdout
            match = READY.fullmatch((await running.stdout.readline()).decode())
            assert match
            assert match.groups()[1:] == ("5", "8")
            async with (
                aiohttp.ClientSession() as http,
                http.get(f"http://127.0.0.1:{match[1]}/__sim/health") as answer,
            ):
                assert answer.status == 200
            running.send_signal(number)
            assert await running.wait() == 0


async def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        assert f"port {port} on 127.0.0.1 is taken" in await complaint("--port", port)


async def test_files_that_are_wrong_are_one_sentence(tmp_path: Path) -> None:
    settings, tenant = tmp_path / "settings.json", tmp_path / "tenant.json"
    settings.write_text('{"lag": 1}')
    tenant.write_text('{"users": [{"id": "x"}]}')

    assert "unknown setting 'lag'" in await complaint("--settings", str(settings))
    assert "users[0].id must be a GUID" in await complaint("--tenant", str(tenant))
    missing = tmp_path / "missing.json"
    assert "No such file" in await complaint("--tenant", str(missing))
    assert "No such file" in await complaint("--settings", str(missing))
    settings.write_text("{")
    assert "is not JSON" in await complaint("--settings", str(settings))
