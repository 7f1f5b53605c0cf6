"""What was measured, in lines that say what each number is."""

from benchmarks.fulfillment.bound import fewest_writes, least_seconds
from benchmarks.fulfillment.contender import Measured
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
    thousands = size.changes / 1000
    print(f"  {measured.name}: {measured.wrong}")
    print(f"    first write to last:        {meter.elapsed_s:8.1f} s")
    if bound:
        print(f"    elapsed / lower bound:      {meter.elapsed_s / bound:8.2f}")
    print(f"    membership calls:           {meter.calls:8,} of which {meter.throttled:.1%} 429")
    print(f"    writes counted / fewest:    {meter.writes / fewest:8.2f}")
    print(f"    requests per 1,000 changes: {meter.requests / thousands:8.1f}")
    print(f"    units per 1,000 changes:    {meter.resource_units / thousands:8.1f}")
