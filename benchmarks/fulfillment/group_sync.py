"""The algorithm of Microsoft's group-membership-management, as its published source shows it.

Our own writing of what GraphGroupMembershipUpdater.cs does (github.com/microsoftgraph/
group-membership-management), with plain httpx. One group after the other; within it ten workers
share a queue of chunks: 20 people to add in one PATCH, or one to remove. A worker fills a batch as
long as it stays below 100 people to add (that is 80, in 4 PATCHes) or has 20 removals. Throttled,
it waits Retry-After and 10 s, once for the batch; a chunk of several people that was refused (400,
404, 429) is sent again at once, as single POSTs in one batch. A chunk is tried again five times and
then dropped.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

import httpx

from benchmarks.fulfillment.contender import Measured, graph_alone, measure
from benchmarks.fulfillment.load import Group
from benchmarks.fulfillment.size import PatchCost, Size
from local.stack import Stack

_WORKERS, _RETRIES, _MOST_REQUESTS = 10, 5, 20
_EXTRA_S, _NO_HINT_S = 10.0, 150.0
_OK, _REFUSED, _THROTTLED = (200, 204), (400, 404), 429


@dataclass
class _Chunk:
    """People whom one request is about, and how often it was tried again."""

    people: list[str]
    tries: int = 0
    single: bool = False


async def group_sync(size: Size, cost: PatchCost) -> Measured:
    """Measure the algorithm."""

    async def work(stack: Stack, groups: tuple[Group, ...]) -> None:
        base = f"{stack.layout.graph_url}/v1.0"
        async with httpx.AsyncClient(headers={"Authorization": "Bearer local"}) as client:
            for group in groups:
                sync = _Sync(client, base, group.id, size.compression)
                await sync.run("PATCH", group.joining, chunk=20, below=100)
                await sync.run("DELETE", group.leaving, chunk=1, below=400)

    name = "group-membership-management"
    return await measure(name, size, size.simulated(cost), work, choose=graph_alone)


class _Sync:
    """Changes one group."""

    def __init__(
        self, client: httpx.AsyncClient, base: str, group: str, compression: float
    ) -> None:
        self._client = client
        self._base = base
        self._group = group
        self._compression = compression
        self._queue: deque[_Chunk] = deque()

    async def run(self, method: str, people: Sequence[str], *, chunk: int, below: int) -> None:
        """Add (PATCH) or remove (DELETE) people."""
        self._queue.extend(_Chunk(list(part)) for part in batched(people, chunk, strict=False))
        await asyncio.gather(*(self._work(method, below) for _ in range(_WORKERS)))

    async def _work(self, method: str, below: int) -> None:
        while batch := self._next(below):
            together = [chunk for chunk in batch if not chunk.single]
            if together:
                await self._send_together(method, together)
            for chunk in batch:
                if chunk.single and chunk.tries < _RETRIES:
                    await self._send_single(chunk)

    def _next(self, below: int) -> list[_Chunk]:
        batch: list[_Chunk] = []
        while self._queue and len(batch) < _MOST_REQUESTS:
            people = sum(len(chunk.people) for chunk in batch)
            if people + len(self._queue[0].people) >= below:
                break
            batch.append(self._queue.popleft())
        return batch

    async def _send_together(self, method: str, chunks: list[_Chunk]) -> None:
        statuses = await self._post([self._request(method, chunk.people) for chunk in chunks])
        for chunk, status in zip(chunks, statuses, strict=True):
            if status in _OK or chunk.tries >= _RETRIES:
                continue
            chunk.tries += 1
            if len(chunk.people) > 1 and status in (*_REFUSED, _THROTTLED):
                chunk.single = True
            elif status not in _REFUSED:
                self._queue.append(chunk)

    async def _send_single(self, chunk: _Chunk) -> None:
        statuses = await self._post([self._request("POST", [one]) for one in chunk.people])
        settled = (*_OK, *_REFUSED)
        answered = zip(chunk.people, statuses, strict=True)
        chunk.people = [one for one, status in answered if status not in settled]
        if chunk.people:
            chunk.tries += 1
            self._queue.append(chunk)

    def _request(self, method: str, people: Sequence[str]) -> dict[str, Any]:
        group = f"/groups/{self._group}"
        if method == "DELETE":
            return {"method": method, "url": f"{group}/members/{people[0]}/$ref"}
        references = [f"{self._base}/directoryObjects/{person}" for person in people]
        body: dict[str, Any] = {"members@odata.bind": references}
        if method == "POST":
            group, body = f"{group}/members/$ref", {"@odata.id": references[0]}
        headers = {"Content-Type": "application/json"}
        return {"method": method, "url": group, "headers": headers, "body": body}

    async def _post(self, requests: list[dict[str, Any]]) -> list[int]:
        """Post a batch, wait where it was throttled, and return the statuses in order."""
        numbered = [{"id": str(number), **request} for number, request in enumerate(requests)]
        reply = await self._client.post(f"{self._base}/$batch", json={"requests": numbered})
        answers = sorted(reply.json()["responses"], key=lambda answer: int(answer["id"]))
        throttled = [answer for answer in answers if answer["status"] == _THROTTLED]
        if throttled:
            hint = throttled[0]["headers"].get("Retry-After")
            asked = float(hint) if hint else _NO_HINT_S / self._compression
            await asyncio.sleep(asked + _EXTRA_S / self._compression)
        return [int(answer["status"]) for answer in answers]
