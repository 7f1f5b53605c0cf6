"""Wait for something to become of what was started."""

import time
from collections.abc import Callable
from typing import Any

from cli.errors import NoAnswer

PATIENCE_S = 1_800
"""An inventory of a million people takes minutes; nothing takes half an hour."""
_FIRST_S, _LONGEST_S = 0.2, 5.0


def until(look: Callable[[], Any], over: Callable[[Any], bool], otherwise: str) -> Any:
    """Look, less and less often, until it is over; return what was seen last.

    Raises:
        NoAnswer: it takes longer than `PATIENCE_S`; the text is `otherwise`.
    """
    deadline = time.monotonic() + PATIENCE_S
    pause = _FIRST_S
    while not over(seen := look()):
        if time.monotonic() > deadline:
            raise NoAnswer(otherwise)
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_S)
    return seen
