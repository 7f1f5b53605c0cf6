"""Time as the simulated service sees it: real time plus whatever a test has added."""

import asyncio
import time
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970, movable forward; waiters wake up when it is moved."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._moved: list[asyncio.Event] = []

    def now(self) -> float:
        """Return the simulated time in seconds since 1970."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move time forward and wake everyone who waits for a moment."""
        self._ahead += seconds
        for event in self._moved:
            event.set()

    def wakes(self, event: asyncio.Event) -> None:
        """Set `event` whenever time is moved."""
        self._moved.append(event)


async def wait_until(clock: Clock, moment: float | None, wake: asyncio.Event) -> None:
    """Wait for `moment` (None: for ever) or for `wake`, whichever comes first."""
    timeout = None if moment is None else max(moment - clock.now(), 0)
    try:
        async with asyncio.timeout(timeout):
            await wake.wait()
    except TimeoutError:
        return
    wake.clear()


def timestamp(seconds: float) -> str:
    """Return a moment as Graph writes a DateTimeOffset."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
