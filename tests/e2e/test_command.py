"""The command `seatflow` against the whole stack, as people type it."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.tenant.groups import group_id
from local.tenant.products import PRODUCTS
from tests.e2e.company import CLIENT_FACING, TARGETS, Company

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(480)]

_SEATFLOW = Path(sys.executable).with_name("seatflow")


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


class Keyboard:
    """Someone who types commands on the machine of the stack."""

    def __init__(self, company: Company) -> None:
        self._port = company.stack.layout.ports.host

    async def type(self, *words: str) -> Said:
        process = await asyncio.create_subprocess_exec(
            _SEATFLOW,
            *words,
            *("--port", str(self._port)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Said(process.returncode or 0, out.decode(), err.decode())

    async def well(self, *words: str) -> str:
        """Type a command that must end well."""
        said = await self.type(*words)
        assert said.code == 0, said
        return said.out

    async def data(self, *words: str) -> Any:
        return json.loads(await self.well(*words, "--json"))


def _policy(folder: Path, departments: tuple[str, ...]) -> str:
    """Write a policy for Teams Premium, with the usual limits, into a folder of its own."""
    folder.mkdir()
    bundle = {
        "id": "teams",
        "name": "Teams Premium",
        "target": {"group": group_id(TARGETS["teams"])},
        "products": [{"sku": PRODUCTS["Microsoft_Teams_Premium"].sku}],
        "policy": {
            "rule": "user.accountEnabled -eq true -and user.department -in "
            + json.dumps(list(departments))
        },
        "unmanaged": "remove",
    }
    (folder / "teams.yaml").write_text(yaml.safe_dump(bundle))
    return str(folder)


async def test_a_day_at_the_keyboard(tmp_path: Path) -> None:
    async with Company(tmp_path, 400) as company:
        await company.converge()
        keyboard = Keyboard(company)
        now = _policy(tmp_path / "now", CLIENT_FACING)
        others = _policy(tmp_path / "others", ("Legal",))
        all_of_them = _policy(tmp_path / "all", (*CLIENT_FACING, "Legal"))
        ada = next(
            user["userPrincipalName"]
            for user in (await company.document())["users"]
            if user.get("department") == "Sales" and user["accountEnabled"]
        )

        await _push(keyboard, now)
        await _explain(keyboard, ada, "✓", "has teams and is entitled to it")
        await _protect(keyboard, ada)
        await _what_if_writes_nothing(keyboard, company, others)
        held = await _is_held(keyboard, others)
        await _refuse(keyboard, held)
        await _release(keyboard, held)
        await company.converge()
        await _explain(keyboard, ada, "✗", "does not have teams and is not entitled to it")
        await _pause(keyboard, company, all_of_them)


async def _push(keyboard: Keyboard, folder: str) -> None:
    linted = await keyboard.well("lint", folder)
    assert "0 errors" in linted or linted == "No findings.\n"
    assert "teams: stored as version 2" in await keyboard.well("push", folder)
    assert "teams: unchanged at version 2" in await keyboard.well("push", folder)
    assert "done: 400 people, 3 bundles, 0 changes sent." in await keyboard.well("run", "--wait")


async def _explain(keyboard: Keyboard, person: str, mark: str, verdict: str) -> None:
    first, *rest = (await keyboard.well("explain", person, "premium")).splitlines()
    assert first.startswith(f"{mark} {person} {verdict}")
    assert any('(department is "Sales")' in line for line in rest)


async def _what_if_writes_nothing(keyboard: Keyboard, company: Company, folder: str) -> None:
    async def stored() -> list[Any]:
        paths = ("bundles", "plans", "controls/history", "status")
        return [await company.api.ask("GET", f"/api/v1/{path}") for path in paths]

    before = await stored()
    said = await keyboard.type("whatif", folder, "--fail-on-held")
    assert said.code == 1
    assert "WOULD BE HELD: teams\n" in said.out
    effect = await keyboard.data("whatif", folder)
    teams = next(bundle for bundle in effect["bundles"] if bundle["bundle"] == "teams")
    assert teams["revokes"] == teams["losses"] > 5
    markdown = await keyboard.well("whatif", folder, "--format", "markdown")
    assert "> **teams would be held**" in markdown
    assert await stored() == before


async def _is_held(keyboard: Keyboard, folder: str) -> str:
    await keyboard.well("push", folder)
    await keyboard.well("run", "--wait")
    (plan,) = await keyboard.data("plans", "--state", "held")
    shown = await keyboard.well("plan", "show", plan["id"], "--all")
    assert shown.startswith(f"{plan['id']}: HELD teams\n")
    assert shown.count("no longer entitled") == plan["revokes"]
    assert f"teams: HELD. {plan['held'][0]}" in await keyboard.well("status")
    return str(plan["id"])


async def _refuse(keyboard: Keyboard, plan: str) -> None:
    said = await keyboard.well("refuse", plan, "--reason", "not before Monday", "--by", "Ada")
    assert "refused by Ada (unverified)." in said
    shown = await keyboard.well("plan", "show", plan)
    assert "Refused by Ada (unverified): not before Monday" in shown
    assert await keyboard.data("plans", "--state", "held") == []


async def _protect(keyboard: Keyboard, person: str) -> None:
    said = await keyboard.well("protect", person, "--reason", "parental leave")
    assert "parental leave" in said
    assert "Protected by" in await keyboard.well("explain", person)
    assert (await keyboard.well("unprotect", person)).endswith("Nobody is protected.\n")
    nobody = await keyboard.type("protect", "nobody@contoso.com", "--reason", "x")
    assert (nobody.code, nobody.out) == (3, "")


async def _release(keyboard: Keyboard, plan: str) -> None:
    said = await keyboard.well("release", plan, "--wait", "--by", "Ben")
    assert "sent by Ben (unverified)." in said
    again = await keyboard.type("release", plan)
    assert (again.code, again.out) == (3, "")


async def _pause(keyboard: Keyboard, company: Company, folder: str) -> None:
    await keyboard.well("pause", "--reason", "audit")
    await keyboard.well("push", folder)
    assert "0 changes sent." in await keyboard.well("run", "--wait")
    assert "PAUSED by" in await keyboard.well("status")
    before = await _granted(keyboard)
    assert (await keyboard.well("resume")).startswith("Not paused.")
    await company.converge()
    assert await _granted(keyboard) > before + 5


async def _granted(keyboard: Keyboard) -> int:
    bundles = (await keyboard.data("status"))["bundles"]
    return next(int(bundle["granted"]) for bundle in bundles if bundle["id"] == "teams")
