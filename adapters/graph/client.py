"""The one client everything here talks to Graph with."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from adapters.graph.deletions import refuse_other_deletions
from adapters.graph.errors import error_of
from adapters.graph.measured import measure
from adapters.graph.pace.lessons import THROTTLED
from adapters.graph.pace.pacer import Delay, Pacer
from adapters.graph.pace.quota import NOTHING, Cost, cost_of_request
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply
from domain.errors import Later, Never
from domain.ports import Silence, Telemetry

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from adapters.graph.connection import Connection
    from adapters.graph.dry_run import Gate

BATCH = "/$batch"


class NoRoom(Later):
    """Graph's write quota has no room now; nothing was sent."""


class GraphClient:
    """Sends requests to one Graph endpoint with one identity; connects when first used.

    `patience` is the longest single wait in seconds, and `tries` the number of attempts, before
    a throttled or unavailable Graph is left to the caller to wait for. The `gate`, where there is
    one, refuses what may not leave; see `dry_run`. The `pacer` keeps everything within Graph's
    quotas.
    """

    def __init__(
        self,
        endpoint: str,
        credential: "AsyncTokenCredential",
        *,
        tries: int = 3,
        patience: float = 5.0,
        gate: "Gate | None" = None,
        pacer: Pacer | None = None,
        telemetry: Telemetry | None = None,
    ) -> None:
        self.endpoint = endpoint
        self._telemetry = telemetry or Silence()
        self.pacer = pacer or Pacer()
        self._credential = credential
        self._tries = tries
        self._patience = patience
        self._gate = gate
        self._connection: Connection | None = None

    async def send(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        priority: Priority = Priority.NORMAL,
        room: bool = False,
        parse: bool = True,
    ) -> Reply:
        """Send one request and return the reply, whatever its status.

        Args:
            method: GET, POST, PATCH or DELETE.
            url: a path below the endpoint, or a link that Graph gave.
            body: sent as JSON.
            headers: beside those that every request has.
            priority: who goes first when Graph, or our own pacing, must choose.
            room: `enter` has found room in the write quota for this already.
            parse: False to have the body of a success as bytes.

        Raises:
            NoRoom: the write quota has no room, and waiting for it here would take too long.
            Later: no whole reply came.
            Never: the identity gets no token, the link leads away from Graph, or it is a write
                that may not leave.
        """
        refuse_other_deletions(method, url, body)
        if self._gate:
            self._gate(method, url, body)
        address, cost = self._address(url), cost_of_request(method, url, body)
        if cost.cheap and not room:
            await self._admit(cost, priority)
        await self.pacer.units.breathe()
        told = {**(headers or {}), **priority.headers}
        reply = await self._connected().send(method, address, body, told, parse=parse)
        if url != BATCH or not reply.ok:
            await self.note([(NOTHING if url == BATCH else cost, reply)])
        return reply

    async def enter(self, cost: Cost, *, urgent: bool, reserved: bool) -> Delay | None:
        """Wait a little for room in the write quota; return None when it is there.

        Args:
            cost: of all the writes.
            urgent: people wait for it.
            reserved: room was set aside when it was put off.
        """
        if self._gate:
            return None  # the write is refused, so it takes no room
        return await self.pacer.enter(cost, urgent=urgent, reserved=reserved)

    async def note(self, answers: Sequence[tuple[Cost, Reply]]) -> None:
        """Measure answers, those inside a batch among them, and let the pacer learn from them."""
        for _, reply in answers:
            measure(self._telemetry, reply)
            self.pacer.units.note(reply)
        telling = [(cost, reply) for cost, reply in answers if cost.cheap or _stops_all(reply)]
        if telling:
            await self.pacer.noted(telling)
        for cost, reply in answers:
            if not cost.cheap:
                self.pacer.units.note_share(reply, self.pacer.share)

    async def ask(
        self, method: str, url: str, permission: str, body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """Send one request and return the body of its success, empty where there is none.

        Raises:
            Later: Graph cannot answer now.
            Forbidden: the identity lacks `permission`.
            Never: Graph refuses for another reason.
        """
        reply = await self.send(method, url, body)
        if not reply.ok:
            raise error_of(reply, permission)
        return reply.body if isinstance(reply.body, Mapping) else {}

    def is_ours(self, link: str) -> bool:
        """Tell whether a link leads to this client's Graph; no token is sent anywhere else."""
        return urlsplit(link)[:2] == urlsplit(self.endpoint)[:2]

    async def close(self) -> None:
        """Close every connection; the client may be used again."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()

    async def _admit(self, cost: Cost, priority: Priority) -> None:
        after = await self.pacer.admit(cost, urgent=priority is Priority.HIGH)
        if after > 0:
            raise NoRoom("Graph's write quota is used up.", after)

    def _address(self, url: str) -> str:
        if url.startswith("/"):
            return self.endpoint + url
        if not self.is_ours(url):
            raise Never(f"Graph gave a link that leads to {urlsplit(url).hostname}.")
        return url

    def _connected(self) -> "Connection":
        if self._connection is None:
            # The SDK behind this import is slow to load; see connection.
            from adapters.graph.connection import Connection

            self._connection = Connection(
                self.endpoint,
                self._credential,
                self._tries,
                self._patience,
                partial(measure, self._telemetry),
            )
        return self._connection


def _stops_all(reply: Reply) -> bool:
    """Tell whether a refused read, or batch, means that nobody should write now."""
    limit = reply.headers.get("x-ms-throttle-information", "")
    return reply.status == THROTTLED and limit.startswith(("ResourceUnit", "Write"))
