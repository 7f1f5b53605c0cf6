"""Hints, sent in the trace of the work that sends them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain.ports import Hint, Ports


async def send_hints(ports: Ports, hints: Iterable[Hint], now: datetime) -> None:
    """Put hints on the queue.

    Raises:
        Later: the queue cannot take them now.
    """
    trace = ports.telemetry.trace()
    await ports.queue.send_hints([replace(hint, trace=trace) for hint in hints], now)
