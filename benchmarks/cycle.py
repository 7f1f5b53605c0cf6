"""A full cycle on the local stack, against a plain script that makes the same membership changes.

10,000 people, 20 bundles, about 6,000 changes, the simulator's throttling switched off. The
baseline uses msgraph-sdk as its documentation shows, one request per member, one after the other,
on the same simulator loaded with the same tenant.
"""

import json
import sys
import tempfile
import time
from asyncio import create_subprocess_exec
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from local.answers import Run, Status
from local.api import Api, Web
from local.converge import converge
from local.layout import Layout
from local.ports import Ports
from local.stack import Stack
from local.tenant.generate import generate
from local.tenant.spares import bench_bundles

PEOPLE = 10_000
BUNDLES = 20


@dataclass
class Timeline:
    """When each phase of the first cycle began, in seconds of the monotonic clock."""

    marks: dict[str, float] = field(default_factory=dict)

    def saw_run(self, run: Run) -> None:
        """Note when the run was first seen in a state."""
        self._mark(run.state)

    def saw_status(self, status: Status) -> None:
        """Note when nothing is in flight any more, and when everything is confirmed."""
        if "done" not in self.marks:
            return
        if not status.in_flight:
            self._mark("applied")
        if not status.moving:
            self._mark("confirmed")

    def _mark(self, name: str) -> None:
        self.marks.setdefault(name, time.monotonic())


async def run() -> None:
    """Measure both and print phases, requests, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        tenant = home / "tenant.json"
        document = generate(PEOPLE, 1)
        tenant.write_text(json.dumps(document))
        async with Stack(Layout(tenant, home / "stack", Ports.free())) as stack:
            await _measure(stack, document, home)


async def _measure(stack: Stack, document: dict[str, Any], home: Path) -> None:
    async with Api(stack.layout.host_url) as api, Web(stack.layout.graph_url) as graph:
        await graph.ask("PATCH", "/__sim/settings", json={"throttling": False})
        for bundle in bench_bundles(BUNDLES):
            await api.store_bundle(bundle["id"], yaml.safe_dump(bundle))
        await graph.ask("POST", "/__sim/stats/reset")
        timeline = Timeline()
        began = time.monotonic()
        summary = await converge(api, timeline)
        stats = await graph.ask("GET", "/__sim/stats")
        changes = await _changes(api)
        cycle = _report(timeline.marks, began, len(changes), stats)
        print(f"  runs until nothing was left to change: {len(summary.runs)}")

        await graph.ask("PUT", "/__sim/tenant", json=document)
        await graph.ask("POST", "/__sim/stats/reset")
        with _printed("baseline: msgraph-sdk, one request per member") as took:
            await _script(stack.layout.graph_url, changes, home)
        stats = await graph.ask("GET", "/__sim/stats")
        print(f"  {stats['requests']:,} requests, {stats['resource_units']:,} resource units")
        baseline = took[0]
        print(f"cycle / baseline: {cycle / baseline:.2f}  (inventory to last license Active)")
        applied = timeline.marks["applied"] - timeline.marks["compiling"]
        print(f"compile to last change applied / baseline: {applied / baseline:.2f}")


def _report(marks: dict[str, float], began: float, changes: int, stats: dict[str, Any]) -> float:
    """Print the time spent in each phase; return that of the whole cycle."""
    order = ("inventory", "compiling", "done", "applied", "confirmed")
    names = ("queued", "inventory", "compile and send", "apply the rest", "confirm the rest")
    before = began
    for name, mark in zip(names, order, strict=True):
        print(f"  {name:18} {marks[mark] - before:7.2f} s")
        before = marks[mark]
    whole = marks["confirmed"] - began
    print(f"cycle: {changes:,} changes in {whole:.2f} s, {changes / whole:,.0f} a second")
    print(f"  {stats['requests']:,} requests, {stats['resource_units']:,} resource units")
    return whole


async def _changes(api: Api) -> list[tuple[str, str, str]]:
    """Return (action, target, person) of every change that was sent, in the plans' order."""
    changes = []
    for plan in await api.ask("GET", "/api/v1/plans"):
        whole = await api.ask("GET", f"/api/v1/plans/{plan['id']}")
        if whole["state"] == "sent":
            changes += [(c["action"], whole["target"], c["person"]) for c in whole["changes"]]
    return changes


async def _script(graph_url: str, changes: list[tuple[str, str, str]], home: Path) -> None:
    """Run the baseline in a process of its own."""
    file = home / "changes.json"
    file.write_text(json.dumps(changes))
    command = [sys.executable, "-m", "benchmarks.script", f"{graph_url}/v1.0", str(file)]
    process = await create_subprocess_exec(*command)
    if await process.wait():
        raise SystemExit("The baseline script failed.")


@contextmanager
def _printed(name: str) -> Iterator[list[float]]:
    took: list[float] = []
    began = time.monotonic()
    yield took
    took.append(time.monotonic() - began)
    print(f"{name}: {took[0]:.2f} s")
