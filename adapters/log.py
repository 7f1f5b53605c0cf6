"""The log: one structured line an event, through the standard library's logging.

The Functions host forwards what is logged to Application Insights.
"""

import json
import logging
from collections.abc import Mapping

_CHATTY = ("azure", "httpx", "msal")
"""Libraries that log each request with its whole address, change tokens included."""


def quiet() -> None:
    """Let libraries speak only of what went wrong."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


_LOUD = {
    "bundle.held",
    "confirm.failed",
    "dead_letter",
    "kind.failed",
    "message.unreadable",
    "plan.held",
    "run.failed",
    "trust.low",
}
"""Events an operator should see without looking for them."""


class StandardLog:
    """Writes `event key=value ...` lines; values with spaces are quoted.

    INFO, or WARNING for what an operator should look at.
    """

    def __init__(self, name: str = "seatflow") -> None:
        self._logger = logging.getLogger(name)

    def note(self, event: str, **facts: str | int | float) -> None:
        """Write one line."""
        level = logging.WARNING if _is_loud(event, facts) else logging.INFO
        self._logger.log(level, " ".join([event, *(f"{key}={_text(facts[key])}" for key in facts)]))


def _is_loud(event: str, facts: Mapping[str, object]) -> bool:
    return event in _LOUD or facts.get("state") in ("refused", "failed")


def _text(value: str | int | float) -> str:
    text = str(value)
    plain = text.isprintable() and not set(text) & {" ", '"', "="}
    return text if plain and text else json.dumps(text, ensure_ascii=False)
