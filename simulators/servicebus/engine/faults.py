"""Bad days to order: what the engine does wrong on purpose.

Faults run on real time, not on the namespace's clock, so that moving time ends none of them.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

type Later = Callable[[float, Callable[[], None]], object]
"""Calls something after so many seconds, as `loop.call_later` does."""


@dataclass(slots=True)
class Faults:
    """The faults switched on now; times in seconds."""

    frames_left: int | None = None
    """AMQP frames, both ways, until the connection that carries the last is dropped."""
    refuse_until: float = 0
    busy_until: float = 0
    no_send_until: float = 0
    no_listen_until: float = 0
    send_delay: float = 0
    _delayed: deque[tuple[float, Callable[[], None]]] = field(default_factory=deque)

    def refuses_connections(self) -> bool:
        """Whether new connections are dropped at their first bytes."""
        return monotonic() < self.refuse_until

    def is_busy(self) -> bool:
        """Whether sends are answered with server-busy."""
        return monotonic() < self.busy_until

    def denies(self, *, sending: bool) -> bool:
        """Whether new links to queues are refused for want of a role."""
        return monotonic() < (self.no_send_until if sending else self.no_listen_until)

    def count_frame(self) -> bool:
        """Count one frame; whether its connection is to be dropped with it."""
        if self.frames_left is None:
            return False
        self.frames_left -= 1
        if self.frames_left > 0:
            return False
        self.frames_left = None
        return True

    def delay(self, action: Callable[[], None], later: Later) -> None:
        """Do a send's work at once or, if sends are delayed, later and in order."""
        if not self.send_delay and not self._delayed:
            action()
            return
        due = monotonic() + self.send_delay
        if self._delayed:
            due = max(due, self._delayed[-1][0])
        self._delayed.append((due, action))
        if len(self._delayed) == 1:
            later(self.send_delay, lambda: self._run_delayed(later))

    def _run_delayed(self, later: Later) -> None:
        while self._delayed and self._delayed[0][0] <= monotonic():
            self._delayed.popleft()[1]()
        if self._delayed:
            later(self._delayed[0][0] - monotonic(), lambda: self._run_delayed(later))

    def describe(self) -> dict[str, Any]:
        """Return what is switched on, times as seconds left."""
        return {
            "drop_after_frames": self.frames_left,
            "refuse_connections": round(max(self.refuse_until - monotonic(), 0), 3),
            "server_busy": round(max(self.busy_until - monotonic(), 0), 3),
            "deny_send": round(max(self.no_send_until - monotonic(), 0), 3),
            "deny_listen": round(max(self.no_listen_until - monotonic(), 0), 3),
            "delay_sends": self.send_delay,
        }
