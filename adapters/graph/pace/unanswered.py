"""What went out and was not answered yet: while it is not known what a PATCH costs, not much may.

Graph tells how full the bucket is with each answer, so what is counted too cheap shows before the
bucket is full, unless most of the bucket is on its way at once.
"""

from collections import deque

CAREFUL = 0.1
"""Of the limit: so much may be on its way while its cost is not known."""

FORGOTTEN = 10.0
"""Seconds after which nothing is answered any more."""


class Unanswered:
    """The amounts one process has sent and not heard of."""

    def __init__(self) -> None:
        self._sent: deque[tuple[float, float]] = deque()

    def add(self, amount: float, now: float) -> None:
        """Count what goes out."""
        self._sent.append((now, amount))

    def answered(self, amount: float) -> None:
        """Take off what came back, the oldest first."""
        while amount > 0 and self._sent:
            at, sent = self._sent.popleft()
            if sent > amount:
                self._sent.appendleft((at, sent - amount))
            amount -= sent

    def has_room(self, amount: float, limit: float, now: float) -> bool:
        """Tell whether so much more may go out; one alone always may."""
        while self._sent and now - self._sent[0][0] > FORGOTTEN:
            self._sent.popleft()
        under_way = sum(sent for _, sent in self._sent)
        return not under_way or under_way + amount <= CAREFUL * limit
