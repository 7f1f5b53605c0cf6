"""What one process has taken of the line, and how it gives that out without asking again."""

from adapters.graph.pace.meter import Piece
from adapters.graph.pace.quota import Quota

GOOD_FOR = 3.0
"""Seconds that a piece of the line, and what we know of the others, is good for."""


class Given:
    """A piece of the line as it is given out."""

    def __init__(self, piece: Piece, taken_at: float, quota: Quota) -> None:
        self._piece = piece
        self._taken_at = taken_at
        self._quota = quota
        self._used = 0.0

    def holds(self, amount: float, now: float) -> bool:
        """Tell whether so much is left of it."""
        fresh = now - self._taken_at <= GOOD_FOR
        return fresh and self._used + amount <= self._piece.size + 1e-9

    def give(self, amount: float) -> float:
        """Give out so much and return the moment from which it may be used."""
        self._used += amount
        return self._piece.start + min(self._used, self._quota.bulk) / self._quota.rate

    def left(self, now: float) -> float:
        """Return what is left; what may have drained meanwhile is not counted."""
        drained = (now - self._taken_at) * self._quota.rate
        return max(0.0, self._piece.size - self._used - drained)


class Habit:
    """How much this process used lately."""

    def __init__(self) -> None:
        self._amount = 0.0
        self._at = 0.0

    def add(self, amount: float, now: float) -> None:
        """Count what was given out."""
        self._amount = self.recent(now) + amount
        self._at = now

    def recent(self, now: float) -> float:
        """Return what was used in the last seconds, the less the longer ago."""
        return float(self._amount * 0.5 ** max(0.0, now - self._at))
