"""A pace for requests of which Graph takes few in a time.

Source: Graph docs, throttling-limits: audit logs and sign-ins, five requests in ten seconds for one
app in one tenant. One is left to others, such as the audit log of memberships.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

REQUESTS, SECONDS = 4, 10.0


class Pace:
    """Lets so many pass in a time, and the others wait."""

    def __init__(
        self,
        requests: int = REQUESTS,
        seconds: float = SECONDS,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._seconds = seconds
        self._clock, self._sleep = clock, sleep
        self._passed: deque[float] = deque(maxlen=requests)

    async def breathe(self) -> None:
        """Wait until one more may pass."""
        if len(self._passed) == self._passed.maxlen:
            after = self._passed[0] + self._seconds - self._clock()
            if after > 0:
                await self._sleep(after)
        self._passed.append(self._clock())
