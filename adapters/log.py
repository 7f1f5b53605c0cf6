"""The log: one structured line an event, through the standard library's logging.

The Functions host forwards what is logged to Application Insights.
"""

import json
import logging

_CHATTY = ("azure", "httpx", "msal")
"""Libraries that log each request with its whole address, change tokens included."""


def quiet() -> None:
    """Let libraries speak only of what went wrong."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


class StandardLog:
    """Writes `event key=value ...` lines at level INFO; values with spaces are quoted."""

    def __init__(self, name: str = "seatflow") -> None:
        self._logger = logging.getLogger(name)

    def note(self, event: str, **facts: str | int | float) -> None:
        """Write one line."""
        self._logger.info(" ".join([event, *(f"{key}={_text(facts[key])}" for key in facts)]))


def _text(value: str | int | float) -> str:
    text = str(value)
    plain = text.isprintable() and not set(text) & {" ", '"', "="}
    return text if plain and text else json.dumps(text, ensure_ascii=False)
