"""Clock: tokens and schedules rest on the time, which Graph says in its answers, too."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime

from adapters.checks.around import Around
from adapters.clock import SystemClock
from domain.doctor import Observation, Subject, error, fine, note

NAME, PAGE, PLACE = "clock", "docs/architecture.md", 80

MOST = 120.0
"""Seconds; Entra accepts tokens with five minutes of difference."""


async def look(around: Around, subject: Subject) -> Sequence[Observation]:
    """Compare our clock with Graph's.

    Raises:
        Later: Graph cannot answer now.
    """
    reply = await around.graph().send("GET", "/organization")
    said = reply.headers.get("date", "")
    if not said:
        return [note("Graph did not say what time it is, so the clock was not compared.")]
    return [skew(parsedate_to_datetime(said), SystemClock().now())]


def skew(theirs: datetime, ours: datetime) -> Observation:
    """Say how far apart two clocks are."""
    seconds = (ours - theirs).total_seconds()
    if abs(seconds) > MOST:
        how = "ahead of" if seconds > 0 else "behind"
        return error(
            f"The clock is {abs(seconds):.0f} seconds {how} Graph's: set it by a time server."
        )
    return fine(f"The clock is within {MOST:.0f} seconds of Graph's.")
