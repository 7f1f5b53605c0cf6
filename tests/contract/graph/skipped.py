"""Time for instances and simulator alike, without the hours that everybody sleeps through."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from tests.contract.graph.simulated import SimulatedGraph


class SkippedTime:
    """Real time, moved on to the next moment somebody waits for whenever all of them sleep.

    So a window of minutes passes in seconds, and a moment lost on a busy machine is as small
    against it as it is against Graph's own.
    """

    def __init__(self, graph: SimulatedGraph) -> None:
        self._graph = graph
        self._ahead = 0.0
        self._working = 0
        self._asleep: dict[asyncio.Event, float] = {}

    def __call__(self) -> float:
        return time.time() + self._ahead

    async def sleep(self, seconds: float) -> None:
        woken, moment = asyncio.Event(), self() + seconds
        self._asleep[woken] = moment
        await self._skip()
        try:
            async with asyncio.timeout(max(0.0, moment - self())):
                await woken.wait()
        except TimeoutError:
            pass
        del self._asleep[woken]

    async def pass_until_done(self, *work: Coroutine[Any, Any, None]) -> None:
        """Do the work, each part beside the others; none of them may sleep in two places."""
        self._working = len(work)
        await asyncio.gather(*map(self._one, work))

    async def _one(self, work: Coroutine[Any, Any, None]) -> None:
        await work
        self._working -= 1
        await self._skip()

    async def _skip(self) -> None:
        if not self._asleep or len(self._asleep) < self._working:
            return
        ahead = max(0.0, min(self._asleep.values()) - self())
        # The simulator first: its bucket has drained by when whoever wakes knocks.
        await self._graph.switch("POST", "clock", {"advance": ahead})
        self._ahead += ahead
        for woken, moment in self._asleep.items():
            if moment <= self():
                woken.set()
