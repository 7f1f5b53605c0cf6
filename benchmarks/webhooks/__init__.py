"""From a change in the directory to the membership write, on the local stack: `webhooks`.

BENCH_WEBHOOK_PEOPLE people (5,000 by default; the claim is about 100,000), 50 bundles, one host.
Each time is from the simulator's PATCH of a user to her membership at the simulator, with the delay
of its notifications and the coalescing window inside: first with nothing else going on, then while
everything is compiled again and again and bulk is fulfilled. Then BENCH_WEBHOOK_BURST people (500;
5,000) move at once, under a write quota that is as much smaller than Graph's as the burst is than
5,000.
"""

import os
import tempfile
from pathlib import Path

from benchmarks.webhooks.measure import Measure
from benchmarks.webhooks.world import BUNDLES, bundle, tenant
from local.api import Api, Web
from local.layout import Layout
from local.ports import Ports
from local.stack import Stack

_FULL = 5_000
_QUOTA, _WINDOW_S = 3_000, 150.0


async def run() -> None:
    """Measure and print."""
    people = int(os.environ.get("BENCH_WEBHOOK_PEOPLE", "5000"))
    burst = int(os.environ.get("BENCH_WEBHOOK_BURST", "500"))
    moves = int(os.environ.get("BENCH_WEBHOOK_MOVES", "40"))
    quota, window = max(1, _QUOTA * burst // _FULL), _WINDOW_S * burst / _FULL
    settings = {"GRAPH_WRITE_QUOTA": str(quota), "GRAPH_WRITE_WINDOW": str(window)}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        document = home / "tenant.json"
        document.write_bytes(tenant(people))
        layout = Layout(document, home / "stack", Ports.free(), settings=settings)
        async with Stack(layout), Api(layout.host_url) as api, Web(layout.graph_url) as graph:
            limits = {"writes": quota, "write_window": window}
            await graph.ask("PATCH", "/__sim/settings", json=limits)
            await api.push({f"b{n:02}.yaml": bundle(n) for n in range(BUNDLES)})
            measure = Measure(api, graph, people, quota, quota / window)
            await measure.begin()
            print(f"  {people:,} people, {BUNDLES} bundles; this machine's {_load()}")
            await measure.one_by_one("idle", moves)
            await measure.beside_bulk(moves)
            await measure.burst(burst)
            print(f"  at the end, {_load()}")


def _load() -> str:
    one, _, _ = os.getloadavg()
    return f"load is {one:.1f} on {os.cpu_count()} processors"
