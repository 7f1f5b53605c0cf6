"""Notified: write down what Graph's notifications tell, and have it followed, fast."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import batched

from domain.errors import Later, Never
from domain.jobs.hinting import send_hints
from domain.ports import Hint, Ports
from domain.telemetry.metrics import WEBHOOK_LAG
from domain.telemetry.work import Work
from domain.watching.notice import Notice
from domain.watching.notification import GROUPS, USERS, Body, Notified, ours, read_body

MOST = 3_000
"""Things that one notice tells of; more are several notices."""


async def notified(ports: Ports, body: bytes, id: str) -> None:
    """Take a body of change or lifecycle notifications; what is not ours changes nothing.

    Args:
        id: of this call, which also names what is queued.

    Raises:
        Never: the body is not a body of notifications.
        Later: it cannot be written down or queued; Graph will send the notifications again.
    """
    items = _read(ports, body)
    now = ports.clock.now()
    try:
        seen = ours(items, await ports.watches.known(), now)
        if seen.rejected:
            ports.log.note("notification.rejected", items=seen.rejected)
        if seen.mentions or seen.lifecycle:
            with ports.telemetry.work(Work.NOTIFIED):
                await _take(ports, seen, id, now)
    except Later as error:
        ports.log.note("notification.later", reason=str(error))
        raise


async def _take(ports: Ports, seen: Notified, id: str, now: datetime) -> None:
    """Write down what is ours, and queue what is to be done about it."""
    trace = ports.telemetry.trace()
    for resource, moment in seen.happened:
        lag = max(0.0, (now - moment).total_seconds())
        ports.telemetry.measure(WEBHOOK_LAG, lag, resource=resource)
    notices = [replace(notice, trace=trace) for notice in _notices(seen, id, now)]
    if notices:
        await ports.notices.keep(notices)
    # By the clock after the writing: the hint of an earlier moment may be followed by now.
    await send_hints(ports, _hints(seen, notices, id), ports.clock.now())
    if notices:
        ports.log.note("notification.taken", **seen.counts)


def _read(ports: Ports, body: bytes) -> Body:
    try:
        return read_body(body)
    except Never:
        ports.log.note("notification.unreadable", bytes=len(body))
        raise


def _notices(seen: Notified, id: str, now: datetime) -> Iterator[Notice]:
    """Return what is to be written down; the lags of a large body go with its first part."""
    lags = {
        resource: tuple(
            (now - moment).total_seconds() for about, moment in seen.happened if about == resource
        )
        for resource in (USERS, GROUPS)
    }
    first = Notice(id, now, lags={resource: each for resource, each in lags.items() if each})
    for number, told in enumerate(batched(seen.mentions, MOST, strict=False)):
        if number:
            yield Notice(f"{id}.{number}", now, told)
        else:
            yield replace(first, mentions=told)


def _hints(seen: Notified, notices: list[Notice], id: str) -> Iterator[Hint]:
    if notices:
        yield Hint(notices=True)
    due = {watch for watch, event in seen.lifecycle if event != "missed"}
    if due:
        yield Hint(watches=tuple(sorted(due)))
    if any(event != "reauthorizationRequired" for _, event in seen.lifecycle):
        # Something was lost, and only an inventory knows what.
        yield Hint(run=id)
