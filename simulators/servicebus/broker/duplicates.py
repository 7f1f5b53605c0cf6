"""Duplicate detection: which message ids were accepted within the window.

Azure compares the message id only; scheduled messages take part from the moment they are sent
(Azure docs: duplicate-detection). That a cancelled message still counts is this simulator's
reading of that page.
"""

from collections import deque
from typing import Any

from simulators.servicebus.broker.journal import Journal


class SeenIds:
    """Message ids of one queue, each for `window` milliseconds after it was accepted."""

    def __init__(self, queue: str, window: int, journal: Journal) -> None:
        self._queue = queue
        self._window = window
        self._journal = journal
        self._until: dict[str, int] = {}
        self._order: deque[str] = deque()

    def restore(self, seen: dict[str, int]) -> None:
        """Take up the ids remembered from before a restart."""
        self._until = dict(sorted(seen.items(), key=lambda item: item[1]))
        self._order = deque(self._until)

    def admit(self, message_id: Any, now: int) -> bool:
        """Whether the id is new; if so it counts as seen from now on. No id is always new."""
        if message_id is None:
            return True
        self._forget_until(now)
        key = str(message_id)
        if key in self._until:
            return False
        self._until[key] = now + self._window
        self._order.append(key)
        self._journal.keep_seen(self._queue, key, now + self._window)
        return True

    def clear(self) -> None:
        """Forget every id."""
        self._forget_until(1 << 62)

    def _forget_until(self, now: int) -> None:
        while self._order and self._until[self._order[0]] <= now:
            key = self._order.popleft()
            del self._until[key]
            self._journal.keep_seen(self._queue, key, None)
