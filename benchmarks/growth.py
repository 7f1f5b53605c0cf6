"""Compile tenants of 10,000 people and up: the time for one person must not grow.

Up to BENCH_PEOPLE (by default 100,000), ten times as many each time; the same 50 bundles with a
tenth of the people as holders.
"""

from benchmarks.world.child import PEOPLE, show, start, total, world

SMALLEST = 10_000


async def run() -> None:
    """Print the time of each size, in all and for one person."""
    people, before = SMALLEST, 0.0
    while people <= PEOPLE:
        with world(people) as folder:
            report = start("benchmarks.world.compiling", str(folder))
        show(f"{people:,}", report)
        took = total(report, "processor")
        grown = f", {took / before:.1f} times the size before" if before else ""
        print(f"  processor: {took / people * 1e6:.1f} microseconds a person{grown}")
        people, before = people * 10, took
