"""The namespace's own time, in whole milliseconds since the Unix epoch, and what is due when."""

import heapq
import time
from collections.abc import Callable, Container, Iterator

NEVER = 1 << 62
"""A moment that does not come."""


class Clock:
    """Wall time plus an offset that only grows: time can be moved ahead, never back."""

    def __init__(self, wall: Callable[[], float] = time.time, ahead_ms: int = 0) -> None:
        self._wall = wall
        self.ahead_ms = ahead_ms

    def now(self) -> int:
        """Return the time in milliseconds."""
        return int(self._wall() * 1000) + self.ahead_ms

    def advance(self, seconds: float) -> None:
        """Move time ahead; ValueError for a step back."""
        if seconds < 0:
            raise ValueError("Time only moves ahead.")
        self.ahead_ms += round(seconds * 1000)


class Deadlines:
    """Sequence numbers with a moment each, earliest first.

    A message may be gone before its moment; entries of the gone are thrown out when they outweigh
    those of the living, so that an hour's time-to-live does not keep an hour's traffic.
    """

    def __init__(self, living: Container[int], count_living: Callable[[], int]) -> None:
        self._heap: list[tuple[int, int]] = []
        self._living = living
        self._count_living = count_living

    def add(self, moment: int, sequence: int) -> None:
        """Remember that something happens to `sequence` at `moment`."""
        if len(self._heap) > 1000 + 2 * self._count_living():
            self._heap = [entry for entry in self._heap if entry[1] in self._living]
            heapq.heapify(self._heap)
        heapq.heappush(self._heap, (moment, sequence))

    def due(self, now: int) -> Iterator[int]:
        """Yield and forget the sequence numbers whose moment has come."""
        while self._heap and self._heap[0][0] <= now:
            yield heapq.heappop(self._heap)[1]

    def next(self) -> int:
        """Return the earliest moment, or NEVER."""
        return self._heap[0][0] if self._heap else NEVER
