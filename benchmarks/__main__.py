"""`make bench`: run every benchmark, or those named on the command line.

Those about policy and the inventory are as large as the environment says: BENCH_PEOPLE people
(100,000 by default; the claims are about 1,000,000). The worlds of those about policy are kept in
BENCH_FOLDER for the next time, or thrown away without it. How large and how fast fulfillment is
measured: benchmarks/fulfillment/size.py; webhooks: benchmarks/webhooks.
"""

import asyncio
import sys

from benchmarks import (
    cycle,
    fulfillment,
    growth,
    imports,
    inventory,
    package,
    policy,
    webhooks,
    whatif,
)

_ALL = {
    "imports": imports.run,
    "package": package.run,
    "cycle": cycle.run,
    "fulfillment": fulfillment.run,
    "inventory": inventory.run,
    "policy": policy.run,
    "whatif": whatif.run,
    "growth": growth.run,
    "webhooks": webhooks.run,
}

_PARTS = {
    "fulfillment.seatflow": fulfillment.run_seatflow,
    "fulfillment.script": fulfillment.run_script,
    "fulfillment.groupsync": fulfillment.run_group_sync,
    "fulfillment.unthrottled": fulfillment.run_unthrottled,
}
"""Parts of the above, for those who ask for one alone."""


def main(names: list[str]) -> int:
    """Run benchmarks by name; unknown names are refused with the known ones."""
    known = _ALL | _PARTS
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are: {', '.join(known)}.")
        return 2
    for name in names or _ALL:
        print(f"\n== {name}")
        asyncio.run(known[name]())
    return 0


sys.exit(main(sys.argv[1:]))
