"""Watch the simulator while someone works: when the first and the last membership was written."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from local.api import Web

_POLL_S = 0.05
_MEMBERSHIP = (
    "PATCH /groups/{group}",
    "POST /groups/{group}/members/$ref",
    "DELETE /groups/{group}/members/{member}/$ref",
)
"""The simulator's names of the operations that change who is in a group."""


@dataclass
class Meter:
    """What was asked of Graph since the meter was started; times in seconds of its own clock."""

    first: float | None = None
    last: float | None = None
    stats: dict[str, Any] = field(default_factory=dict)
    """The counts when the last membership was written."""
    final: dict[str, Any] = field(default_factory=dict)
    """The counts when the work was over, with whatever was read to confirm it."""
    _written: int = 0

    def see(self, stats: dict[str, Any], now: float) -> None:
        """Take a look at the simulator's counts."""
        self.final = stats
        written = _membership(stats)
        if written > self._written:
            self.first = now if self.first is None else self.first
            self.last, self._written, self.stats = now, written, stats

    @property
    def elapsed_s(self) -> float:
        """Seconds from the first membership write to the last."""
        if self.first is None or self.last is None:
            return 0.0
        return self.last - self.first

    @property
    def calls(self) -> int:
        """Membership writes that were asked for, refused ones too; in a `$batch` each counts."""
        return self._written

    @property
    def throttled(self) -> float:
        """The share of these answered 429."""
        return int(self.stats.get("throttled", 0)) / self._written if self._written else 0.0

    @property
    def writes(self) -> int:
        """Writes as the quota counts them, those of refused requests too."""
        return int(self.stats.get("writes", 0))


@asynccontextmanager
async def metered(graph: Web) -> AsyncIterator[Meter]:
    """Reset the simulator's counts and watch them every 50 ms while inside."""
    await graph.ask("POST", "/__sim/stats/reset")
    meter = Meter()
    watching = asyncio.create_task(_watch(graph, meter))
    try:
        yield meter
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    await _look(graph, meter)


async def _watch(graph: Web, meter: Meter) -> None:
    while True:
        await _look(graph, meter)
        await asyncio.sleep(_POLL_S)


async def _look(graph: Web, meter: Meter) -> None:
    meter.see(await graph.ask("GET", "/__sim/stats"), time.monotonic())


def _membership(stats: dict[str, Any]) -> int:
    return sum(int(stats["operations"].get(name, 0)) for name in _MEMBERSHIP)
