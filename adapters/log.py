"""The log: one structured line an event, through the standard library's logging.

Where telemetry goes anywhere, each line goes there as well, with its facts and in its trace: the
Functions host then forwards nothing that a worker logs.
"""

import json
import logging
from collections.abc import Mapping
from typing import Protocol

from domain.quoted import without_quoted

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


class Reader(Protocol):
    """Who else is told each line."""

    def line(self, text: str, facts: Mapping[str, str | int | float], *, loud: bool) -> None:
        """Take a line; `loud` if an operator should see it."""
        ...


class StandardLog:
    """Writes `event key=value ...` lines; values with spaces are quoted.

    INFO, or WARNING for what an operator should look at.
    """

    def __init__(self, name: str = "seatflow", reader: Reader | None = None) -> None:
        self._logger = logging.getLogger(name)
        self._reader = reader

    def note(self, event: str, **facts: str | int | float) -> None:
        """Write one line, without the words of others in it."""
        loud = _is_loud(event, facts)
        told = {key: _without_quoted(value) for key, value in facts.items()}
        line = " ".join([event, *(f"{key}={_text(told[key])}" for key in told)])
        self._logger.log(logging.WARNING if loud else logging.INFO, line)
        if self._reader:
            self._reader.line(line, {"event": event, **told}, loud=loud)


def _is_loud(event: str, facts: Mapping[str, object]) -> bool:
    return event in _LOUD or facts.get("state") in ("refused", "failed")


def _without_quoted(value: str | int | float) -> str | int | float:
    return without_quoted(value) if isinstance(value, str) else value


def _text(value: str | int | float) -> str:
    text = str(value)
    plain = text.isprintable() and not set(text) & {" ", '"', "="}
    return text if plain and text else json.dumps(text, ensure_ascii=False)
