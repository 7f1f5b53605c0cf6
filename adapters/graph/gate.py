"""The gate before Graph's write quota, shared by everything this process writes.

Refused writes count as used (Graph docs: throttling), so once Graph refuses one, knocking with all
the others would keep the quota used up. While the gate is closed nothing is sent.
"""

import asyncio


class Gate:
    """Closed for as long as Graph asked to wait."""

    def __init__(self) -> None:
        self._opens_at = 0.0

    def close(self, seconds: float) -> None:
        """Close for so long from now, or for longer where Graph asked for that before."""
        self._opens_at = max(self._opens_at, _now() + seconds)

    def left(self) -> float:
        """Return the seconds until it opens; 0 when it is open."""
        return max(0.0, self._opens_at - _now())


def _now() -> float:
    return asyncio.get_running_loop().time()
