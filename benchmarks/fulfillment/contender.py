"""Let somebody make the changes on a stack of its own, measured and checked alike."""

import json
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.fulfillment.load import Group, groups_of, members_after, tenant_of
from benchmarks.fulfillment.membership import Wrong, compared
from benchmarks.fulfillment.meter import Meter, metered
from benchmarks.fulfillment.size import Size
from local.api import Web
from local.layout import Layout
from local.ports import Ports
from local.process import Program
from local.programs import programs
from local.stack import Choice, Stack

type Work = Callable[[Stack, tuple[Group, ...]], Awaitable[None]]


@dataclass(frozen=True)
class Measured:
    """What one contender did, and whether the groups are right after it."""

    name: str
    meter: Meter
    wrong: Wrong


async def measure(
    name: str,
    size: Size,
    simulated: dict[str, Any],
    work: Work,
    *,
    settings: dict[str, str] | None = None,
    choose: Choice = programs,
) -> Measured:
    """Start a stack with a fresh tenant, meter the work on it, and compare the groups.

    Args:
        name: what the contender is called in the report.
        size: how much there is to do.
        simulated: settings of the Graph simulator.
        work: makes the changes.
        settings: app settings of the host.
        choose: which programs the stack has.
    """
    groups = groups_of(size)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        tenant = home / "tenant.json"
        tenant.write_text(json.dumps(tenant_of(groups)))
        layout = Layout(tenant, home / "stack", Ports.free(), settings=settings or {})
        async with Stack(layout, choose=choose) as stack, Web(layout.graph_url) as graph:
            await graph.ask("PATCH", "/__sim/settings", json=simulated)
            async with metered(graph) as meter:
                await stack.during(_all(work, stack, groups))
            return Measured(name, meter, await compared(graph, members_after(groups)))


def graph_alone(layout: Layout) -> tuple[Program, ...]:
    """Choose the Graph simulator only, for those who need no Seatflow."""
    return tuple(each for each in programs(layout) if each.name == "graph")


async def _all(work: Work, stack: Stack, groups: tuple[Group, ...]) -> None:
    await work(stack, groups)
