"""Messages that come again: copies of old ones, late, out of order, and side by side.

A broker that promises to deliver at least once may do all of this.
"""

import json
from random import Random
from typing import Any
from uuid import uuid4

from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from local.tenant.groups import group_id
from tests.e2e.company import TARGETS


class Echoes:
    """Remembers what was once on the queues, and sends some of it again under new ids."""

    def __init__(self, connection: str, rng: Random) -> None:
        self._connection = connection
        self._rng = rng
        self._pages: dict[str, str] = {}
        self._runs: list[str] = []

    def heard_page(self, page: str, bundle: str) -> None:
        """Remember a page that was on its way."""
        self._pages[page] = bundle

    def heard_run(self, run: str) -> None:
        """Remember a run that was asked for."""
        self._runs.append(run)

    async def send(self, most: int) -> int:
        """Send copies of some pages, newer and older ones, and of a run; return how many."""
        pages = self._some(list(self._pages), most)
        hints = [{"run": run} for run in self._some(self._runs[-3:], 1)]
        async with ServiceBusClient.from_connection_string(self._connection) as client:
            async with client.get_queue_sender("fulfillment") as sender:
                for page in pages:
                    bundle = self._pages[page]
                    body = {"bundle": bundle, "page": page}
                    await sender.send_messages(_message(body, group_id(TARGETS[bundle])))
            async with client.get_queue_sender("recompile") as sender:
                for hint in hints:
                    await sender.send_messages(_message(hint))
        return len(pages) + len(hints)

    def _some(self, known: list[str], most: int) -> list[str]:
        """Return recent ones for the most part, each perhaps twice."""
        recent = known[-2 * most :] + known[-most:]
        return self._rng.sample(recent, min(self._rng.randint(0, most), len(recent)))


def _message(body: dict[str, Any], session: str | None = None) -> ServiceBusMessage:
    text = json.dumps({"version": 1, **body})
    return ServiceBusMessage(text, message_id=uuid4().hex, session_id=session)
