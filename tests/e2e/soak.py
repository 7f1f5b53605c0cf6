"""Kill the host again and again on one stack: `python -m tests.e2e.soak --kills 100 --seed 1`.

Prints what happened and ends with 0 when every promise was kept, with 1 when one was not.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from local.errors import StackError
from tests.e2e.bad_days import BadDays
from tests.e2e.weather import REFUSALS, SILENCE, STORM


def main() -> int:
    """Run the soak; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--settle-every", type=int, default=20, help="kills between two checks")
    parser.add_argument("--storm", action="store_true", help="Graph fails at a fifth of all")
    parser.add_argument("--restarts", action="store_true", help="Service Bus and Azurite too")
    parser.add_argument("--bus", action="store_true", help="messages twice, locks and links lost")
    parser.add_argument("--refusals", action="store_true", help="Graph refuses a fifth for good")
    parser.add_argument("--silence", action="store_true", help="Graph does and never answers")
    parser.add_argument("--watches", action="store_true", help="Graph tells of what moves")
    parser.add_argument("--lag", type=float, default=0, help="seconds Graph's reads lag behind")
    parser.add_argument("--home", type=Path, help="folder for logs and data; else one that is gone")
    options = parser.parse_args()
    try:
        if options.home:
            options.home.mkdir(parents=True, exist_ok=True)
            asyncio.run(_soak(options, options.home))
        else:
            with tempfile.TemporaryDirectory() as home:
                asyncio.run(_soak(options, Path(home)))
    except (AssertionError, StackError) as error:
        _say(f"NOT KEPT: {error}")
        return 1
    return 0


async def _soak(options: argparse.Namespace, home: Path) -> None:
    began = time.monotonic()
    _say(f"seed {options.seed}, {options.kills} kills, {options.people} people, in {home}")
    async with BadDays(
        home, options.people, options.seed, watches=options.watches, say=_say
    ) as days:
        try:
            while days.toll["kills"] < options.kills:
                await _one(days, options)
                if days.toll["kills"] % options.settle_every == 0:
                    await days.settle()
                    _say(f"  settled and checked, {time.monotonic() - began:.0f} s")
            await days.settle()
        finally:
            for name, count in sorted(days.toll.items()):
                _say(f"{count:6} {name}")
            _say(f"{len(days.recorder.written):6} membership writes on the wire")
            _say(f"{time.monotonic() - began:6.0f} s")


async def _one(days: BadDays, options: argparse.Namespace) -> None:
    faults = STORM * options.storm + REFUSALS * options.refusals + SILENCE * options.silence
    if faults:
        await days.order(faults)
    if options.lag:
        lag = {"replication_lag": options.lag}
        await days.company.graph.ask("PATCH", "/__sim/settings", json=lag)
    if options.bus:
        await days.trouble_the_bus()
        await days.lose_locks()
    moment = await days.kill_host()
    kills = days.toll["kills"]
    if options.restarts and kills % 5 == 0:
        await days.restart("azurite" if kills % 2 else "servicebus")
    await days.start_host()
    _say(f"kill {kills}: {moment}, {len(days.recorder.written)} writes so far")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
