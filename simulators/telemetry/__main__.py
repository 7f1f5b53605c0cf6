"""Show what is sent: `python -m simulators.telemetry --port 4318`; Ctrl-C ends it.

Lines of the log as they come, and each trace once nothing more of it has come for a moment.
"""

import argparse
import asyncio
import contextlib

from simulators.telemetry.server import Receiver, receiver
from simulators.telemetry.shown import shown

_QUIET_S = 3.0


async def main(port: int) -> None:
    """Receive, and show, for ever."""
    async with receiver(port) as made:
        print(f"Telemetry receiver ready on {made.url}", flush=True)  # noqa: T201
        while True:
            await _calm(made)
            received, made.received = made.received, type(made.received)()
            for line in shown(received):
                print(line, flush=True)  # noqa: T201


async def _calm(made: Receiver) -> None:
    """Wait until something has come, and then nothing more for a while."""
    await made.more.wait()
    with contextlib.suppress(TimeoutError):
        while True:
            made.more.clear()
            await asyncio.wait_for(made.more.wait(), _QUIET_S)
    made.more.clear()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4318, help="OTLP's own is 4318")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(parser.parse_args().port))
