"""A broker that cannot be reached: said once, waited for, and said once when it is back."""

import logging
from time import monotonic

_log = logging.getLogger("host.queues")
_SHORTEST_DELAY = 0.25
_LONGEST_DELAY = 2.0


class Outages:
    """The state of the connection of one queue, shared by its slots; delays in seconds."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._kind: type[Exception] | None = None
        self._since = 0.0

    def seen(self, error: Exception) -> float:
        """Log the first failure of its kind and return how long to wait before the next attempt.

        Waiting as long as the outage has lasted doubles the delays, however many slots ask.
        """
        if self._kind is None:
            self._since = monotonic()
        if self._kind is not type(error):
            _log.warning("The %s cannot be served and will be tried again: %s", self._what, error)
            self._kind = type(error)
        return min(max(monotonic() - self._since, _SHORTEST_DELAY), _LONGEST_DELAY)

    def over(self) -> None:
        """Log the first success after failures."""
        if self._kind:
            _log.info("The %s is served again.", self._what)
            self._kind = None
