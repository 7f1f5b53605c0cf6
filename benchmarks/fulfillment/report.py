"""What was measured, in lines that say what each number is."""

import os
from collections.abc import Sequence

from benchmarks.fulfillment.bound import fewest_writes, least_seconds
from benchmarks.fulfillment.contender import Measured
from benchmarks.fulfillment.meter import Meter
from benchmarks.fulfillment.size import GROUPS, PatchCost, Size

_MODELS = {
    "one": "a PATCH of any number of members costs one write (Graph docs)",
    "third": "a PATCH of n members costs n/3 writes (what Microsoft told makers of such clients)",
}


def describe(size: Size) -> None:
    """Print what everyone has to do, and under which quota."""
    print(
        f"{GROUPS * size.grants:,} grants and {GROUPS * size.revokes:,} revokes over {GROUPS} "
        f"groups; Graph takes {size.burst:,} writes at once, then 20 a second, on a clock "
        f"{size.compression:g} times as fast as ours"
    )
    print(f"others load this machine's {os.cpu_count()} processors with {os.getloadavg()[0]:.1f}")


def describe_model(size: Size, cost: PatchCost) -> None:
    """Print a cost model and the lower bound under it."""
    writes = fewest_writes(size, cost)
    print(f"\n{_MODELS[cost]}:")
    print(f"  lower bound: {writes:,} writes at least, {least_seconds(size, writes):.1f} s")


def show(measured: Measured, size: Size, cost: PatchCost) -> None:
    """Print what one contender did."""
    meter = measured.meter
    fewest = fewest_writes(size, cost)
    bound = least_seconds(size, fewest)
    print(f"  {measured.name}: {measured.wrong}")
    print(f"    first write to last:        {meter.elapsed_s:8.1f} s")
    if bound:
        print(f"    elapsed / lower bound:      {meter.elapsed_s / bound:8.2f}")
    print(f"    membership calls:           {meter.calls:8,} of which {meter.throttled:.1%} 429")
    print(f"    writes counted / fewest:    {meter.writes / fewest:8.2f}")
    _show_cost(meter, size.changes / 1000)


def compare(measured: Sequence[Measured]) -> None:
    """Print how the others did against the first."""
    first, *others = measured
    for other in others:
        ratio = first.meter.elapsed_s / other.meter.elapsed_s
        print(f"  {first.name} / {other.name}: {ratio:.2f} of the time")


def _show_cost(meter: Meter, thousands: float) -> None:
    """Print what the changes cost up to the last write, and with all reading after it.

    Seatflow takes inventory before and confirms licenses meanwhile and after; others only write.
    """
    for title, name in (("requests", "requests"), ("units", "resource_units")):
        until_last, in_all = meter.stats[name] / thousands, meter.final[name] / thousands
        label = f"{title} per 1,000 changes:"
        print(f"    {label:27} {until_last:8.1f}; {in_all:.1f} with what followed")
