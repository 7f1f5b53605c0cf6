"""How long Graph asks us to wait, in seconds."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

from adapters.graph.reply import Reply

WRITE_WINDOW = 150.0
"""Writes are counted over two and a half minutes (Graph docs: throttling-limits, identity)."""

UNIT_WINDOW = 10.0
"""Resource units are counted over ten seconds (same source)."""

LONGEST = 86_400.0
"""No wait is longer than a day, whatever a header says."""


def wait_of(reply: Reply) -> float:
    """Return how long to wait before this request may be tried again.

    A 429 without a usable Retry-After waits out the window of the limit it hit; where Graph does
    not say which, the longer one.
    """
    asked = retry_after(reply.headers)
    if asked is not None:
        return asked
    if reply.status != 429:
        return UNIT_WINDOW
    limit = reply.headers.get("x-ms-throttle-information", "")
    return UNIT_WINDOW if limit.startswith("ResourceUnit") else WRITE_WINDOW


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return what Retry-After asks for: whole seconds, a fraction, or until an HTTP date.

    None where there is no such header or it cannot be understood. A date is compared with the
    reply's own Date header, so that our clock need not agree with Graph's.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        return _until(text, headers.get("date", ""))
    return min(seconds, LONGEST) if isfinite(seconds) and seconds >= 0 else None


def _until(text: str, sent: str) -> float | None:
    until, since = _moment(text), _moment(sent)
    if until is None or since is None:
        return None
    return min(max((until - since).total_seconds(), 0.0), LONGEST)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
