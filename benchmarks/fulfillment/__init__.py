"""Fulfillment under Graph's documented write quota, against the quota's own lower bound.

Side by side, on the same simulator with the same changes: Seatflow on the local stack, a plain
msgraph-sdk script, and the algorithm of Microsoft's group-membership-management.
"""

from benchmarks.fulfillment.contender import Measured
from benchmarks.fulfillment.group_sync import group_sync
from benchmarks.fulfillment.plain import plain
from benchmarks.fulfillment.report import compare, describe, describe_model, show
from benchmarks.fulfillment.seatflow import seatflow
from benchmarks.fulfillment.size import Size
from benchmarks.fulfillment.unthrottled import run as run_unthrottled

__all__ = ["run", "run_group_sync", "run_script", "run_seatflow", "run_unthrottled"]

_NO_PATCH = "script"
"""What a PATCH costs makes no difference to who sends none: measured once."""

_CONTENDERS = {"seatflow": seatflow, "script": plain, "groupsync": group_sync}


async def run() -> None:
    """Measure everyone, and what one host can push where no quota stops it."""
    await _measure(*_CONTENDERS)
    print()
    await run_unthrottled()


async def run_seatflow() -> None:
    """Measure Seatflow alone."""
    await _measure("seatflow")


async def run_script() -> None:
    """Measure the plain script alone."""
    await _measure("script")


async def run_group_sync() -> None:
    """Measure the algorithm of group-membership-management alone."""
    await _measure("groupsync")


async def _measure(*names: str) -> None:
    size = Size.read()
    describe(size)
    done: dict[str, Measured] = {}
    for cost in size.costs:
        describe_model(size, cost)
        for name in names:
            if name != _NO_PATCH or name not in done:
                done[name] = await _CONTENDERS[name](size, cost)
            show(done[name], size, cost)
            _require_right(name, done[name])
        compare([done[name] for name in names])


def _require_right(name: str, measured: Measured) -> None:
    if name == "seatflow" and measured.wrong:
        raise SystemExit("Seatflow left memberships wrong.")
