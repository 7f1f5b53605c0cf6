"""`make local TENANT=live` looks at a tenant, and nothing that anybody tries writes to it.

The simulator stands in for graph.microsoft.com and a script for the Azure CLI; all between is real.
"""

import asyncio
import base64
import json
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from functions.admin.operation import Operation
from functions.admin.operations import OPERATIONS
from local.api import Api, Web
from local.converge import run_once
from local.layout import PROJECT
from local.ports import Ports, is_free
from local.tenant.generate import generate
from local.tenant.groups import group_id
from local.tenant.products import PRODUCTS
from tests.contract.graph.simulated import running_simulator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ADA = "ada.visitor@contoso.example"
TENANT = "0f0f0f0f-1111-2222-3333-444444444444"
UP = "Ctrl-C stops everything"
LIMITLESS = {
    "revokes": {"percent": None},
    "grants": {"percent": None},
    "shrink": {"percent": 100},
}
GREEDY = {
    "id": "greedy",
    "name": "Takes from everybody, and would be sent at once",
    "target": {"group": group_id("LIC-M365-E5")},
    "products": [{"sku": PRODUCTS["SPE_E5"].sku}],
    "policy": {"rule": 'user.department -eq "Legal"'},
    "unmanaged": "remove",
    "direct": "remove",
    "limits": LIMITLESS,
}
UNFIT = {
    "id": "unfit",
    "name": "Wants its target licensed anew",
    "target": {"group": group_id("LIC-Visio-Projects")},
    "products": [{"sku": PRODUCTS["VISIOCLIENT"].sku}, {"sku": PRODUCTS["SPE_E3"].sku}],
    "policy": {"rule": 'user.department -eq "Legal"'},
    "limits": LIMITLESS,
}
POLICY = {f"{each['id']}.yaml": yaml.safe_dump(each) for each in (GREEDY, UNFIT)}
BODIES: Mapping[str, Any] = {
    "Files": {"files": POLICY},
    "text": UNFIT,
    "Release": {},
    "Refusal": {"reason": "a test"},
    "Because": {"reason": "a test"},
    "Remark": {"reason": "a test"},
    "Replay": {"all": True, "reason": "a test"},
}


@contextmanager
def a_real_tenant(home: Path) -> Iterator[str]:
    """Stand in for Microsoft: a tenant, and an Azure CLI with somebody signed in."""
    (home / "tenant.json").write_text(json.dumps(generate(100, 7)))
    claims = base64.urlsafe_b64encode(json.dumps({"upn": ADA, "tid": TENANT}).encode()).decode()
    token = {"accessToken": f"e30.{claims.rstrip('=')}.c2ln", "expires_on": 4102444800}
    (home / "bin").mkdir()
    az = home / "bin" / "az"
    az.write_text(f"#!/bin/sh\necho '{json.dumps(token)}'\n")
    az.chmod(0o755)
    with running_simulator("--tenant", str(home / "tenant.json")) as url:
        yield url


class Visit:
    """One `make local TENANT=live`, at the keyboard of whoever started it."""

    def __init__(self, home: Path, ports: Ports, process: asyncio.subprocess.Process) -> None:
        self.home, self.ports, self.process = home, ports, process
        self.url = f"http://127.0.0.1:{ports.host}"
        self.said = ""

    async def read_to(self, words: str) -> None:
        assert self.process.stdout is not None
        while words not in self.said:
            line = await self.process.stdout.readline()
            assert line, f"it ended before it said {words!r}:\n{self.said}"
            self.said += line.decode()

    @property
    def token_file(self) -> Path:
        return self.home / ".local" / "live" / str(self.ports.host) / "token"

    async def seatflow(self, *words: str) -> tuple[int, str]:
        command = Path(sys.executable).with_name("seatflow")
        process = await asyncio.create_subprocess_exec(
            command,
            *words,
            *("--port", str(self.ports.host)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=self.home,
        )
        out, _ = await process.communicate()
        return process.returncode or 0, out.decode()


@asynccontextmanager
async def visiting(home: Path, graph: str, **variables: str) -> AsyncIterator[Visit]:
    """Start it, with all that could lead somebody to think that it may write."""
    ports = Ports.free()
    (home / "policies").mkdir()
    for name, text in POLICY.items():
        (home / "policies" / name).write_text(text)
    given = {
        "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "TENANT": "live",
        "GRAPH_ENDPOINT": f"{graph}/v1.0",
        "BUNDLES": str(home / "policies"),
        "MODE": "live",
        "CREDENTIAL": "identity",
        "SIGN_IN": "local",
        "PUBLIC_URL": f"http://127.0.0.1:{ports.host}",
        "SERVICEBUS_PORT": str(ports.service_bus),
        "AZURITE_PORT": str(ports.azurite),
        "HOST_PORT": str(ports.host),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local"),
        env={**os.environ, **given, **variables},
        cwd=home,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    visit = Visit(home, ports, process)
    try:
        yield visit
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.communicate()


async def test_whatever_is_tried_nothing_but_questions_reaches_the_tenant(tmp_path: Path) -> None:
    with a_real_tenant(tmp_path) as graph:
        async with Web(graph) as simulator, visiting(tmp_path, graph) as visit:
            before = await simulator.ask("GET", "/__sim/tenant")
            await visit.read_to(UP)
            assert f"Signed in by az-login as {ADA} in the tenant {TENANT}." in visit.said
            assert "inventoried: " in visit.said
            await _try_everything(visit)
            await _ask(visit)
            await _knock(visit)

            asked = (await simulator.ask("GET", "/__sim/stats"))["operations"]
            assert asked["GET /users/delta"]
            writes = [each for each in asked if not each.startswith("GET ")]
            assert set(writes) <= {"POST /$batch", "POST /directoryObjects/getByIds"}
            assert await simulator.ask("GET", "/__sim/tenant") == before

            assert stat.S_IMODE(visit.token_file.stat().st_mode) == 0o600
            assert visit.token_file.read_text() not in _kept_in(visit)
            visit.process.send_signal(signal.SIGINT)
            await visit.read_to("everything is stopped")
    assert not visit.token_file.exists()
    assert all(is_free(port) for port, _, _ in visit.ports.uses())
    assert ADA not in _kept_in(visit)


async def _try_everything(visit: Visit) -> None:
    """Make every call that could change something, with what it wants, and fire every timer."""
    token = visit.token_file.read_text()
    async with Api(visit.url, token=token) as api:
        plans = {each["bundle"]: each for each in await api.ask("GET", "/api/v1/plans")}
        unset = await api.ask("GET", "/api/v1/licenses", params={"bundle": "unfit"})
        assert {each["state"] for each in plans.values()} == {"dry-run"}
        assert all(plans["greedy"][kind] > 0 for kind in ("grants", "revokes"))
        names = {
            "bundle": "unfit",
            "plan": plans["unfit"]["id"],
            "run": plans["unfit"]["run"],
            "person": await _somebody(visit),
            "message": "none",
        }
        fingerprint = unset[0]["fingerprint"]
        for operation in (each for each in OPERATIONS if each.method != "GET"):
            await _call(visit.url, token, operation, names, fingerprint)
        keys = {"x-functions-key": token}
        for function in await api.ask("GET", "/admin/functions", headers=keys):
            if function["trigger"] == "timer":
                await api.ask("POST", f"/admin/functions/{function['name']}", json={}, headers=keys)
        await run_once(api)


async def _knock(visit: Visit) -> None:
    """Try the host's own surface as another user of this machine."""
    async with aiohttp.ClientSession() as stranger:
        for path in ("/admin/functions/inventory", "/admin/functions/fulfill"):
            async with stranger.post(f"{visit.url}{path}", json={"input": "{}"}) as answer:
                assert answer.status == 401


async def _somebody(visit: Visit) -> str:
    people = json.loads((visit.home / "tenant.json").read_text())["users"]
    return str(people[0]["id"])


async def _call(
    url: str, token: str, operation: Operation, names: Mapping[str, str], fingerprint: str
) -> None:
    path = f"{url}/api/v1/{operation.route.format(**names)}"
    body = BODIES.get(operation.body)
    if operation.body == "Fingerprint":
        body = {"fingerprint": fingerprint}
    mine = {"Authorization": f"Bearer {token}", "X-Seatflow-By": "mallory"}
    async with aiohttp.ClientSession() as session:
        for headers, let_in in ((mine, True), ({"X-Seatflow-By": "mallory"}, False)):
            async with session.request(
                operation.method, path, json=body, headers=headers
            ) as answer:
                assert (answer.status != 401) is let_in, operation.name
                understood = answer.status in (200, 202, 401, 404, 409)
                assert understood, (operation.name, await answer.text())


async def _ask(visit: Visit) -> None:
    """Ask what a first contact is for."""
    async with Api(visit.url, token=visit.token_file.read_text()) as api:
        changed = {**GREEDY, "policy": {"rule": 'user.department -eq "Sales"'}}
        asked = {"files": {"greedy.yaml": yaml.safe_dump(changed)}}
        (effect,) = (await api.ask("POST", "/api/v1/whatif", json=asked))["bundles"]
        assert effect["bundle"] == "greedy"
        explained = await api.ask("GET", f"/api/v1/people/{await _somebody(visit)}")
        assert [each["bundle"] for each in explained["bundles"]] == ["greedy", "unfit"]
    code, out = await visit.seatflow("status")
    assert (code, "greedy" in out) == (0, True), out


def _kept_in(visit: Visit) -> str:
    files = (visit.home / ".local").rglob("*")
    return "".join(file.read_text(errors="replace") for file in files if file.name.endswith(".log"))
