"""Without quota: how many changes a second one host pushes, and where its time goes."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.fulfillment.busy import Busy, watch
from benchmarks.fulfillment.contender import Measured, measure
from benchmarks.fulfillment.load import Group
from benchmarks.fulfillment.meter import Meter
from benchmarks.fulfillment.profile import Profile, read_profile
from benchmarks.fulfillment.seatflow import SCHEDULES, fulfilled
from benchmarks.fulfillment.size import GROUPS, Size
from local.layout import Layout
from local.process import Program
from local.programs import programs
from local.stack import Stack

_MODULES, _PACKAGES = 15, 10


async def run() -> None:
    """Measure Seatflow with throttling switched off, its host sampled."""
    size = replace(Size.read(), compression=1.0)
    print(f"{size.changes:,} changes over {GROUPS} groups; Graph throttles nothing")
    busy = Busy()

    async def work(stack: Stack, groups: tuple[Group, ...]) -> None:
        watching = asyncio.create_task(watch(stack, busy))
        await fulfilled(stack, groups)
        watching.cancel()

    with tempfile.TemporaryDirectory() as folder:
        samples = Path(folder) / "samples.json"
        measured = await measure(
            "Seatflow",
            size,
            {"throttling": False, "latency": size.latency_s},
            work,
            settings=size.unlimited() | SCHEDULES,
            choose=lambda layout: _sampled(layout, samples),
        )
        meter = measured.meter
        profile = read_profile(samples, meter.first or 0.0, meter.last or 0.0)
    _show(measured, size, busy)
    _show_profile(profile)


def _sampled(layout: Layout, file: Path) -> tuple[Program, ...]:
    """Choose the whole stack, with the host run by the sampler."""
    chosen = {each.name: each for each in programs(layout)}
    python, _, module, *arguments = chosen["host"].command
    command = (python, "-m", "benchmarks.fulfillment.sampling", str(file), module, *arguments)
    chosen["host"] = replace(chosen["host"], command=command)
    return tuple(chosen.values())


def _show(measured: Measured, size: Size, busy: Busy) -> None:
    meter = measured.meter
    print(f"  {measured.wrong}")
    rate = size.changes / meter.elapsed_s
    print(f"  first write to last: {meter.elapsed_s:.1f} s, {rate:,.0f} changes a second")
    _show_busy(meter, size, busy)
    if measured.wrong:
        raise SystemExit("Seatflow left memberships wrong.")


def _show_busy(meter: Meter, size: Size, busy: Busy) -> None:
    """Print what the programs cost: that depends less on who else works on the machine."""
    print("  processor seconds meanwhile: in all, for 1,000 changes, for a second")
    for name, used in busy.between(meter.first or 0.0, meter.last or 0.0).items():
        for_thousand, for_second = used / size.changes * 1000, used / meter.elapsed_s
        print(f"    {name:12} {used:7.1f} {for_thousand:7.2f} {for_second:7.2f}")


def _show_profile(profile: Profile) -> None:
    parts = (
        ("whom the host's processor time was for", profile.layers(), None),
        ("in which job", profile.jobs(), None),
        ("modules, with everything they called", profile.modules(), _MODULES),
        ("packages, without what they called", profile.packages(), _PACKAGES),
    )
    for title, counted, most in parts:
        print(f"  {title}:")
        for name, count in counted.most_common(most):
            print(f"    {count / len(profile.stacks):6.1%}  {name}")
