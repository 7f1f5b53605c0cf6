"""What-if for one edited bundle among 50, from YAML files to the effect.

BENCH_PEOPLE people (by default 100,000). Cold is the first question to a fresh worker, which loads
the snapshot first; warm is the next one, about other bundles.
"""

from benchmarks.world.child import PEOPLE, show, start, world


async def run() -> None:
    """Print seconds cold and warm; there is no baseline."""
    with world(PEOPLE) as folder:
        report = start("benchmarks.world.asking", str(folder))
    show("what-if", report)
    for name, effect in report["effects"].items():
        print(f"  {name}: {effect}")
