"""Seatflow: the real host on the local stack, from policy files to the last membership write."""

from benchmarks.fulfillment.contender import Measured, measure
from benchmarks.fulfillment.load import Group, policies_of
from benchmarks.fulfillment.size import PatchCost, Size
from local.api import Api
from local.converge import Pace, converge
from local.stack import Stack

NEVER = "0 0 0 1 1 *"
"""A schedule of a timer that must not come in between: what it does is asked for."""

_PACE = Pace(poll_s=1.0)
"""Asking how it goes is work for the host, too."""

SCHEDULES = {"INVENTORY_SCHEDULE": NEVER, "COMPILE_SCHEDULE": NEVER}


async def seatflow(size: Size, cost: PatchCost) -> Measured:
    """Measure Seatflow, told the quota that the simulator enforces."""
    return await measure(
        "Seatflow", size, size.simulated(cost), fulfilled, settings=size.believed() | SCHEDULES
    )


async def fulfilled(stack: Stack, groups: tuple[Group, ...]) -> None:
    """Push the policies and run until a run finds nothing to change and all is confirmed."""
    async with Api(stack.layout.host_url) as api:
        await api.push(policies_of(groups))
        await converge(api, pace=_PACE)
