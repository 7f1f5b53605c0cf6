"""One connection to the Service Bus namespace; its senders stay open, as opening takes half a
second, and are opened anew after they broke."""

import asyncio
from collections.abc import Callable
from typing import Any

from azure.core.credentials_async import AsyncTokenCredential
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver, ServiceBusSender

RETRIES = 3
"""Tries of the SDK beyond the first; then the caller comes later."""
PAUSE = 0.2
"""Seconds between them. A sender is busy for as long as it tries, and a webhook that waits for it
has 2.5 seconds. The SDK's default would be 1.6, 3.2 and 6.4."""


class ServiceBus:
    """A namespace, reached with the app's identity or, on one machine, a connection string."""

    def __init__(self, connect: Callable[[], ServiceBusClient]) -> None:
        self._connect = connect
        self._client: ServiceBusClient | None = None
        self._senders: dict[str, ServiceBusSender] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    @classmethod
    def of_connection_string(cls, text: str, retries: int = RETRIES) -> "ServiceBus":
        """Return the namespace that a connection string names; for the local stack."""
        return cls(lambda: ServiceBusClient.from_connection_string(text, **_pace(retries)))

    @classmethod
    def of_namespace(cls, host: str, credential: AsyncTokenCredential) -> "ServiceBus":
        """Return the namespace of that fully qualified name."""
        return cls(lambda: ServiceBusClient(host, credential, **_pace(RETRIES)))

    def lock(self, queue: str) -> asyncio.Lock:
        """Return what serializes sending to a queue: the SDK's senders are not for sharing."""
        return self._locks.setdefault(queue, asyncio.Lock())

    def sender(self, queue: str) -> ServiceBusSender:
        """Return the open sender of a queue."""
        if queue not in self._senders:
            self._senders[queue] = self._open().get_queue_sender(queue)
        return self._senders[queue]

    async def drop_sender(self, queue: str) -> None:
        """Close a sender that broke; the next one is new."""
        sender = self._senders.pop(queue, None)
        if sender is not None:
            await sender.close()

    def receiver(self, queue: str, sub_queue: str) -> ServiceBusReceiver:
        """Return a receiver of a sub-queue; the caller closes it."""
        return self._open().get_queue_receiver(queue, sub_queue=sub_queue)

    async def close(self) -> None:
        """Close everything."""
        for queue in list(self._senders):
            await self.drop_sender(queue)
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _open(self) -> ServiceBusClient:
        if self._client is None:
            self._client = self._connect()
        return self._client


def _pace(retries: int) -> dict[str, Any]:
    return {"retry_total": retries, "retry_mode": "fixed", "retry_backoff_factor": PAUSE}
