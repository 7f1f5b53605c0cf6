"""`make local TENANT=live`: a real tenant, looked at from here. Nothing can be written to it."""

import asyncio
import os
import shutil
from pathlib import Path

from local.answers import Diagnosis, Status
from local.api import Api
from local.converge import run_once
from local.errors import StackError
from local.follow import follow
from local.job import Job
from local.layout import Layout
from local.options import POLICIES_OF_LIVE
from local.policies import read_policies
from local.ports import DEFAULT_PORTS, require_free
from local.secret import Secret, visit_settings
from local.stack import Stack
from local.witness import Onlooker

HOME = Path(".local") / "live"
"""Where a stack keeps what it has of a real tenant, apart from what is simulated."""

_MARKS = {"error": "✗", "warning": "!", "note": "·", "fine": "✓"}
_LATER = ("inventory", "groups", "bundles")
"""Checks of what is only done afterwards."""
_POLL_S = 2.0


class Visit(Job):
    """A first contact: says what may be read, reads it, and answers questions about it.

    Tables and blobs live in memory, and the token and the queues go in the end; only logs stay.
    """

    async def run(self) -> None:
        """Do all of it; ends after the inventory when asked to, else when cancelled."""
        options = self._options
        self._policies = read_policies(options.bundles) if options.bundles else {}
        require_free(options.ports, simulated=False)
        home = HOME / str(options.ports.host)
        self._secret = Secret()
        settings = visit_settings(self._secret, os.environ)
        layout = Layout(None, home, options.ports, settings=settings)
        try:
            with self._secret.kept(home):
                await self._with(self._stack(layout))
        finally:
            for left in (layout.azurite_data, layout.service_bus_data, layout.host_data):
                shutil.rmtree(left, ignore_errors=True)

    async def _work(self, stack: Stack) -> None:
        with self._display:
            await self._start(stack)
            status = await stack.during(self._look(stack))
        self._report(status)
        self.converged = True
        if not self._options.once:
            self._explain(stack, status)
            await stack.during(self._follow(stack, status))

    async def _look(self, stack: Stack) -> Status:
        async with self._api(stack) as api:
            await self._diagnose(api)
            if self._policies:
                await api.push(self._policies)
            await run_once(api, Onlooker(self._display, people=0))
            return await api.status()

    async def _diagnose(self, api: Api) -> None:
        """Say what doctor finds.

        Raises:
            StackError: nothing can be read.
        """
        found = await self._signed_in(api)
        for each in found.findings:
            if each.check not in _LATER:
                self._display.say(f"{_MARKS[each.level]} {each.check}: {each.sentence}")
        for each in found.of("identity", "permissions"):
            if each.level == "error":
                raise StackError(f"nothing can be read of the tenant. {each.sentence}")

    async def _signed_in(self, api: Api) -> Diagnosis:
        """Wait until nobody is asked to enter a code any more."""
        said = ""
        while True:
            found = await api.doctor()
            waits = [each for each in found.of("identity") if each.level == "warning"]
            if not waits:
                return found
            if waits[0].sentence != said:
                said = waits[0].sentence
                self._display.say(said)
            await asyncio.sleep(_POLL_S)

    async def _follow(self, stack: Stack, seen: Status) -> None:
        async with self._api(stack) as api:
            await follow(api, seen, self._display.say)

    def _api(self, stack: Stack) -> Api:
        return Api(stack.layout.host_url, token=self._secret.token)

    def _report(self, status: Status) -> None:
        seen = status.snapshot
        if seen is not None:
            self._display.say(
                f"inventoried: {seen.people:,} people, {seen.groups:,} groups,"
                f" {seen.memberships:,} memberships, {seen.products:,} products"
            )
        for each in status.bundles:
            shown = f"; seatflow plan show {each.plan}" if each.plan else ""
            why = f" ({each.reason})" if each.reason else ""
            self._display.say(
                f"{each.id}: {each.entitled:,} entitled, {each.holders:,} hold it{why}{shown}"
            )

    def _explain(self, stack: Stack, status: Status) -> None:
        ports = stack.layout.ports
        here = "--local" if ports.host == DEFAULT_PORTS.host else f"--port {ports.host}"
        folder = self._options.bundles or Path(POLICIES_OF_LIVE)
        first = () if status.bundles else (f"no bundle yet: write {folder}/first.yaml, then",)
        for line in (
            "",
            f"running: functions host {stack.layout.host_url}, for this user only",
            f"logs:    {stack.logs}/",
            "nothing can be written to the tenant; ask what you like:",
            f"  seatflow status {here}",
            f"  seatflow explain PERSON {here}",
            *first,
            f"  seatflow lint {folder} {here}",
            f"  seatflow whatif {folder} {here}",
            f"  seatflow push {folder} {here}",
            "docs/first-contact.md has a first bundle, and what to ask",
            "Ctrl-C stops everything",
            "",
        ):
            self._display.say(line)
