"""Keeps the lock of a message or a session alive while it is worked on."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import Any

from azure.core.exceptions import AzureError
from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusReceiver, ServiceBusSession

from local.host.clock import Clock

_log = logging.getLogger("host.queues")
# However long the lock says it lasts, look again: the broker's clock need not be ours.
_LONGEST_WAIT = 10.0

type Renew = Callable[[], Awaitable[datetime]]


@asynccontextmanager
async def locked(
    receiver: ServiceBusReceiver,
    holder: ServiceBusReceivedMessage | ServiceBusSession,
    limit: float,
    clock: Clock,
) -> AsyncIterator[None]:
    """Renew the lock at half its time, for at most `limit` seconds, until the block is left.

    A lock that cannot be renewed is told in the log and left to expire; the broker then delivers
    again.
    """
    if isinstance(holder, ServiceBusSession):
        renew: Renew = holder.renew_lock
    else:
        renew = _message_renewal(receiver, holder)
    renewal = asyncio.create_task(_renew(holder, renew, limit, clock))
    try:
        yield
    finally:
        renewal.cancel()
        await asyncio.gather(renewal, return_exceptions=True)


def _message_renewal(receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage) -> Renew:
    async def renew() -> datetime:
        return await receiver.renew_message_lock(message)

    return renew


async def _renew(holder: Any, renew: Renew, limit: float, clock: Clock) -> None:
    end = monotonic() + limit
    until: datetime = holder.locked_until_utc
    while True:
        await asyncio.sleep(max(0.1, min((until - clock()).total_seconds() / 2, _LONGEST_WAIT)))
        if monotonic() >= end:
            return
        try:
            until = await renew()
        except (AzureError, OSError) as error:
            _log.warning("A lock could not be renewed: %s", error)
            return
