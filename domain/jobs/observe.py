"""Observe: measure how everything stands, for those who watch it from outside.

The sweeper does, as it has looked at every bundle's open pages anyway.
"""

from collections.abc import Awaitable, Sequence
from datetime import datetime

from domain.errors import SeatflowError
from domain.jobs.kinds import KindStatus, kinds
from domain.jobs.watch import RESOURCES
from domain.ledger import Standing
from domain.ports import Ports
from domain.telemetry.metrics import (
    BUNDLE_HELD,
    BUNDLE_PEOPLE,
    INVENTORY_AGE,
    INVENTORY_COMPLETE,
    PEOPLE,
    QUEUE_AGE,
    QUEUE_DEPTH,
    WATCH_REMAINING,
)

CORE = "core"
"""The kind of facts that decisions rest on: the snapshot."""


async def told_whole[R](ports: Ports, reading: Awaitable[R | None]) -> R | None:
    """Wait for a read of the core, and measure whether it was complete; None goes on."""
    try:
        read = await reading
    except SeatflowError:
        ports.telemetry.measure(INVENTORY_COMPLETE, 0, kind=CORE)
        raise
    if read is not None:
        ports.telemetry.measure(INVENTORY_COMPLETE, 1, kind=CORE)
    return read


async def observe(ports: Ports, standings: Sequence[Standing], noticed: Sequence[datetime]) -> None:
    """Measure inventories, bundles, queues and watches; what cannot be read now is left out.

    Args:
        standings: of every bundle.
        noticed: when the notices came that nobody has followed yet.
    """
    now = ports.clock.now()
    for standing in standings:
        _bundle(ports, standing)
    pages = [page for each in standings for page in each.pages if page.pending()]
    _queue(ports, "fulfillment", [page.due_at for page in pages if page.due_at <= now], now)
    _queue(ports, "recompile", noticed, now)
    try:
        await _inventories(ports, now)
        await _watches(ports, now)
    except SeatflowError as error:
        ports.log.note("observe.failed", reason=str(error))


def _bundle(ports: Ports, standing: Standing) -> None:
    head = standing.head
    states = {
        "entitled": head.entitled,
        "holding": head.holders,
        "waiting": head.waiting,
        "leaving": head.leaving,
        "open": sum(len(page.open()) for page in standing.pages),
    }
    for state, count in states.items():
        ports.telemetry.measure(BUNDLE_PEOPLE, count, bundle=head.bundle, state=state)
    ports.telemetry.measure(BUNDLE_HELD, int(bool(head.held)), bundle=head.bundle)


def _queue(ports: Ports, queue: str, since: Sequence[datetime], now: datetime) -> None:
    ports.telemetry.measure(QUEUE_DEPTH, len(since), queue=queue)
    oldest = max(((now - each).total_seconds() for each in since), default=0.0)
    ports.telemetry.measure(QUEUE_AGE, oldest, queue=queue)


async def _inventories(ports: Ports, now: datetime) -> None:
    newest = await ports.warehouse.newest()
    if newest:
        _age(ports, CORE, newest.taken_at, now)
        ports.telemetry.measure(PEOPLE, newest.counts["people"])
    for kind in await kinds(ports):
        if kind.on:
            if kind.taken_at:
                _age(ports, kind.name, kind.taken_at, now)
            ports.telemetry.measure(INVENTORY_COMPLETE, int(_is_whole(kind)), kind=kind.name)


def _age(ports: Ports, kind: str, taken_at: datetime, now: datetime) -> None:
    ports.telemetry.measure(INVENTORY_AGE, (now - taken_at).total_seconds(), kind=kind)


def _is_whole(kind: KindStatus) -> bool:
    """Tell whether the last read came to an end; one that goes on is no failure."""
    failed = kind.failed_at and (kind.taken_at is None or kind.failed_at >= kind.taken_at)
    return kind.taken_at is not None and not failed


async def _watches(ports: Ports, now: datetime) -> None:
    if not await ports.watches.possible():
        return
    known = [watch for watch in await ports.watches.known() if watch.until is None]
    for resource in RESOURCES:
        ends = [watch.expires for watch in known if watch.resource == resource]
        remaining = max(((each - now).total_seconds() for each in ends), default=0.0)
        ports.telemetry.measure(WATCH_REMAINING, max(0.0, remaining), resource=resource)
