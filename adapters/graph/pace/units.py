"""Resource units: what Graph counts beside writes. Who reads too fast is slowed down a little.

Source: Graph docs, throttling-limits, identity and access: 3,500, 5,000 or 8,000 units in ten
seconds for one app in one tenant, by the tenant's size. They drain so fast that every process
counts for itself; what the others use shows in the share that Graph tells.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from adapters.graph.pace.lessons import MARGIN, TELLS, THROTTLED, share_of
from adapters.graph.reply import Reply
from adapters.graph.waits import UNIT_WINDOW, wait_of

UNITS = 8_000
LONGEST = 2.0
"""Seconds: no request is slowed down for longer."""
_NEARLY = 0.9


class Units:
    """How many resource units are in use, as far as this process knows."""

    def __init__(
        self,
        limit: float = UNITS,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limit = limit
        self._clock, self._sleep = clock, sleep
        self._used = 0.0
        self._at = 0.0

    @property
    def share(self) -> float:
        """The share of the limit that is used."""
        return self._drained() / self._limit

    async def breathe(self) -> None:
        """Wait a moment if nearly everything is used up."""
        over = self._drained() - _NEARLY * self._limit
        if over > 0:
            await self._sleep(min(over * UNIT_WINDOW / self._limit, LONGEST))

    def note(self, reply: Reply) -> None:
        """Count what a reply says it cost."""
        told = reply.headers.get("x-ms-resource-unit", "")
        self._set(self._drained() + (int(told) if told.isdecimal() else 0))

    def note_share(self, reply: Reply, writes: float) -> None:
        """Take over the share that Graph tells, unless writes explain it.

        Args:
            writes: the share of the write quota that is used.
        """
        share = share_of(reply)
        if share > max(writes, self.share) + MARGIN:
            self._set(share * self._limit)
        if reply.status == THROTTLED and wait_of(reply) <= UNIT_WINDOW:
            self._set(max(self._drained(), self._limit))

    def explains(self, share: float) -> bool:
        """Tell whether a share that Graph tells may be that of resource units."""
        return share >= TELLS and self.share >= share - MARGIN

    def _drained(self) -> float:
        drained = max(0.0, self._clock() - self._at) * self._limit / UNIT_WINDOW
        return max(0.0, self._used - drained)

    def _set(self, used: float) -> None:
        self._used, self._at = used, self._clock()
