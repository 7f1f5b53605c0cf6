"""The command `seatflow` against the whole stack, as people type it: the quickstart, and a day."""

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.api import Api
from local.converge import converge
from local.follow import follow, subscribe
from local.graph import Simulator
from local.layout import PROJECT, Layout
from local.policies import read_policies
from local.ports import Ports
from local.stack import Stack
from local.tenant_file import generate_tenant
from tests.e2e.page import Step, found, plan_in, steps, told

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(480)]

_QUICKSTART = (PROJECT / "docs/quickstart.md").read_text()
_PATIENCE_S = 90.0
_EMI = "emi.aoki@contoso.com"


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


class Keyboard:
    """Someone who types commands on the machine of the stack."""

    def __init__(self, layout: Layout, folder: Path) -> None:
        self._ports = layout.ports
        self._folder = folder
        self._plan = ""

    async def type(self, *words: str) -> Said:
        return await self._run(str(_bin() / "seatflow"), *words, "--port", str(self._ports.host))

    async def well(self, *words: str) -> str:
        """Type a command that must end well."""
        said = await self.type(*words)
        assert said.code == 0, said
        return said.out

    async def data(self, *words: str) -> Any:
        return json.loads(await self.well(*words, "--json"))

    async def do(self, step: Step) -> None:
        """Do what a page says, on our ports; what takes a moment to come is looked for again."""
        script = step.about(self._plan).replace("--local", f"--port {self._ports.host}")
        script = script.replace(":8088/", f":{self._ports.graph}/")
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            said = await self._run("bash", "-euo", "pipefail", "-c", script)
            missing = step.missing(said.out)
            if said.code == 0 and missing is None:
                self._plan = plan_in(said.out) or self._plan
                return
            assert time.monotonic() < deadline, (step.script, missing, said)
            await asyncio.sleep(1)

    async def _run(self, *words: str) -> Said:
        process = await asyncio.create_subprocess_exec(
            *words,
            cwd=self._folder,
            env={**os.environ, "PATH": f"{_bin()}:{os.environ['PATH']}"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Said(process.returncode or 0, out.decode(), err.decode())


def _bin() -> Path:
    return Path(sys.executable).parent


@asynccontextmanager
async def quickstart(home: Path) -> AsyncIterator[tuple[Keyboard, Api, list[str]]]:
    """What `make local PEOPLE=400` starts, and the lines that it prints when something moves."""
    tenant = home / "tenant.json"
    await generate_tenant(400, 1, tenant)
    layout = Layout(tenant, home / "stack", Ports.free())
    async with Stack(layout), Api(layout.host_url) as api, Simulator(layout.graph_url) as graph:
        await api.push(read_policies(PROJECT / "bundles"))
        summary = await converge(api)
        await subscribe(api, graph)
        lines: list[str] = []
        following = asyncio.ensure_future(follow(api, summary.after, lines.append))
        try:
            yield Keyboard(layout, home), api, lines
        finally:
            following.cancel()


async def test_the_quickstart_and_a_day_at_the_keyboard(tmp_path: Path) -> None:
    async with quickstart(tmp_path) as (keyboard, api, lines):
        for step in steps(_QUICKSTART):
            await keyboard.do(step)
        for line in told(_QUICKSTART):
            assert found(line, lines), (line, lines)

        await _protect(keyboard)
        await _what_if_writes_nothing(keyboard, api, _policy(tmp_path, "Legal"))
        await _pause(keyboard)
        await _refuse(keyboard, _policy(tmp_path, "Legal"))


def _policy(home: Path, department: str) -> str:
    """Write the page's policy anew, for another department."""
    file = home / "mine/visio-marketing.yaml"
    rule = f'  rule: user.accountEnabled -eq true -and user.department -eq "{department}"'
    file.write_text(re.sub(r"^  rule: .*$", rule, file.read_text(), flags=re.MULTILINE))
    return str(file.parent)


async def _what_if_writes_nothing(keyboard: Keyboard, api: Api, folder: str) -> None:
    async def stored() -> list[Any]:
        paths = ("bundles", "plans", "controls/history")
        return [await api.ask("GET", f"/api/v1/{path}") for path in paths]

    before = await stored()
    said = await keyboard.type("whatif", folder, "--fail-on-held")
    assert said.code == 1
    assert "WOULD BE HELD: visio-marketing\n" in said.out
    assert await stored() == before


async def _refuse(keyboard: Keyboard, folder: str) -> None:
    await keyboard.well("push", folder)
    await keyboard.well("run", "--wait")
    (plan,) = await keyboard.data("plans", "--state", "held")
    said = await keyboard.well("refuse", plan["id"], "--reason", "not before Monday", "--by", "Ada")
    assert "refused by Ada (unverified)." in said
    shown = await keyboard.well("plan", "show", plan["id"])
    assert "Refused by Ada (unverified): not before Monday" in shown
    again = await keyboard.type("release", "visio-marketing.1-00000000")
    assert (again.code, again.out) == (3, "")


async def _protect(keyboard: Keyboard) -> None:
    said = await keyboard.well("protect", _EMI, "--reason", "parental leave")
    assert "parental leave" in said
    assert "Protected by" in await keyboard.well("explain", _EMI)
    assert (await keyboard.well("unprotect", _EMI)).endswith("Nobody is protected.\n")


async def _pause(keyboard: Keyboard) -> None:
    await keyboard.well("pause", "--reason", "audit")
    assert "PAUSED by" in await keyboard.well("status")
    assert (await keyboard.well("resume")).startswith("Not paused.")
