"""Call the webhooks with what must change nothing: `python -m tests.triggers.fuzz --calls 50000`.

Each call goes through the HTTP trigger by Microsoft's worker library in this process. Ends with 0
when none of them changed anything, cost more than one read or wrote more than one line to the log.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from local.host.in_process import Worker, http_request
from tests.triggers.intruders import Call, Intruders
from tests.triggers.stage import furnish
from tests.unit.office import Office

_EVENTS = {"notification.rejected", "notification.unreadable"}


class Fuzz:
    """Calls a worker's webhooks for an office, and checks after each call."""

    def __init__(self, worker: Worker, office: Office, intruders: Intruders) -> None:
        self._worker, self._office, self._intruders = worker, office, intruders
        self._before = self._state()
        self.answers: Counter[tuple[str, int]] = Counter()
        """(kind, status) -> how many."""
        self.seconds: list[float] = []

    async def call(self, kind: str = "") -> None:
        """Make one call.

        Raises:
            AssertionError: it did what no such call may.
        """
        call = self._intruders.call(kind)
        self._office.log.lines.clear()
        began = time.perf_counter()
        request = http_request("POST", "/api/graph/x", headers=call.headers, body=call.body)
        outcome = await self._worker.invoke(call.function, request)
        self.seconds.append(time.perf_counter() - began)
        assert outcome.succeeded, (call.kind, outcome.traceback)
        self.answers[call.kind, outcome.http.status] += 1
        self._check(call, outcome.http.status)

    def _check(self, call: Call, status: int) -> None:
        assert status in (202, 400), (call.kind, status)
        assert self._state() == self._before, f"{call.kind} changed something: {call.body[:500]!r}"
        lines = self._office.log.lines
        assert len(lines) == 1, (call.kind, lines)
        event, facts = lines[0]
        assert event in _EVENTS, (call.kind, event)
        assert all(isinstance(value, int) for value in facts.values()), (call.kind, facts)

    def _state(self) -> tuple[Any, ...]:
        office = self._office
        watches = (dict(office.watches.subscriptions), tuple(office.watches.records()))
        return (dict(office.notices.all), len(office.queue.hints), watches)


async def run(calls: int, seed: int) -> Fuzz:
    """Make so many calls."""
    worker = await Worker.start(Path(__file__).parent / "app")
    office = furnish()
    try:
        fuzz = Fuzz(worker, office, await Intruders.at(office, Random(seed)))
        for _ in range(calls):
            await fuzz.call()
    finally:
        worker.stop()
    return fuzz


def main() -> int:
    """Make the calls and report; an assertion that fails ends it."""
    parser = argparse.ArgumentParser(prog="python -m tests.triggers.fuzz", description=__doc__)
    parser.add_argument("--calls", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fuzz = asyncio.run(run(options.calls, options.seed))
    for (kind, status), count in sorted(fuzz.answers.items()):
        sys.stdout.write(f"{kind:26} {status} {count:>8,}\n")
    ordered = sorted(fuzz.seconds)
    p50, p99 = (1000 * ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99))
    sys.stdout.write(
        f"{options.calls:,} calls, seed {options.seed}: nothing changed;"
        f" p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {1000 * ordered[-1]:.0f} ms\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
