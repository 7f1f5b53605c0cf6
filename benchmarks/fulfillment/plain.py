"""The plain script: msgraph-sdk, one request per member, waiting as Retry-After asks."""

import asyncio
import json
import sys
from asyncio import create_subprocess_exec

from benchmarks.fulfillment.contender import Measured, graph_alone, measure
from benchmarks.fulfillment.load import Group, changes_of
from benchmarks.fulfillment.size import PatchCost, Size
from local.stack import Stack


async def plain(size: Size, cost: PatchCost) -> Measured:
    """Measure the script; it sends no PATCH, so the cost model makes no difference to it."""
    return await measure(
        "msgraph-sdk script", size, size.simulated(cost), _scripted, choose=graph_alone
    )


async def _scripted(stack: Stack, groups: tuple[Group, ...]) -> None:
    file = stack.layout.home / "changes.json"
    await asyncio.to_thread(file.write_text, json.dumps(changes_of(groups)))
    command = [sys.executable, "-m", "benchmarks.script", f"{stack.layout.graph_url}/v1.0"]
    process = await create_subprocess_exec(*command, str(file))
    if await process.wait():
        raise SystemExit("The script failed.")
