"""A world for pacing: a clock of its own, a store in memory, and Graph's bucket as it really is."""

import asyncio
import heapq
import math
from collections.abc import Mapping
from itertools import count

from adapters.graph.pace.pacer import Pacer
from adapters.graph.pace.quota import Cost, Quota, cost_of_changes
from adapters.graph.pace.units import Units
from adapters.graph.reply import Reply
from domain.errors import Conflict, Later


class Time:
    """Time that passes only when everybody waits for it."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self._waiting: list[tuple[float, int, asyncio.Event]] = []
        self._order = count()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        heapq.heappush(self._waiting, (self.now + seconds, next(self._order), woken))
        await woken.wait()

    async def pass_until_done(self, *work: asyncio.Task[None]) -> None:
        """Let time pass, moment by moment, until all the work is done."""
        while not all(task.done() for task in work):
            for _ in range(50):  # whoever can go on without waiting does
                await asyncio.sleep(0)
            if self._waiting and not all(task.done() for task in work):
                self.now, _, woken = heapq.heappop(self._waiting)
                woken.set()
        for task in work:
            task.result()


class MemoryStore:
    """Values with a version; may be slow, be away or lose every race."""

    def __init__(self, time: Time, latency: float = 0.0) -> None:
        self.values: Mapping[str, float | str] = {}
        self.version = 0
        self.calls = 0
        self.away = False
        self._time = time
        self._latency = latency

    async def read(self) -> tuple[Mapping[str, float | str], str]:
        await self._answer()
        return self.values, str(self.version) if self.version else ""

    async def write(self, values: Mapping[str, float | str], version: str) -> str:
        await self._answer()
        if version != (str(self.version) if self.version else ""):
            raise Conflict("Somebody was quicker.")
        self.values, self.version = dict(values), self.version + 1
        return str(self.version)

    async def _answer(self) -> None:
        self.calls += 1
        if self._latency:
            await self._time.sleep(self._latency)
        if self.away:
            raise Later("Storage is away.")


class Bucket:
    """Graph's own count of writes: it refuses above the limit, and refused writes count."""

    def __init__(self, time: Time, quota: Quota, *, dear: bool, tells: bool = True) -> None:
        self.writes = self.requests = self.refused = 0
        self.highest = 0.0
        self._time, self._quota = time, quota
        self._dear, self._tells = dear, tells
        self._used, self._at = 0.0, time.now

    def write(self, cost: Cost) -> Reply:
        """Answer one request as Graph would."""
        amount = cost.dear if self._dear else cost.cheap
        drained = (self._time.now - self._at) * self._quota.rate
        self._used, self._at = max(0.0, self._used - drained), self._time.now
        self._used += amount
        self.requests += 1
        over = self._used - self._quota.limit
        self.highest = max(self.highest, self._used / self._quota.limit)
        headers = {}
        if self._tells and self._used > 0.8 * self._quota.limit:
            headers["x-ms-throttle-limit-percentage"] = f"{self._used / self._quota.limit:.2f}"
        if over > 0:
            self.refused += 1
            wait = {"retry-after": str(math.ceil(over / self._quota.rate))}
            return Reply(429, headers | wait | {"x-ms-throttle-information": "WriteLimitExceeded"})
        self.writes += int(amount)
        return Reply(204, headers)


class Instance:
    """One process: carries out pages one after the other, as a queue's session would."""

    def __init__(
        self,
        time: Time,
        bucket: Bucket,
        quota: Quota,
        store: MemoryStore | None,
        latency: float = 0.3,
        patience: float = 10.0,
    ) -> None:
        units = Units(clock=time, sleep=time.sleep)
        self.pacer = Pacer(
            quota, store, units=units, clock=time, sleep=time.sleep, patience=patience
        )
        self.tries = 0
        self._time, self._bucket, self._latency = time, bucket, latency

    async def page(self, revokes: int, grants: int, urgent: bool = False) -> None:
        """Carry out one page until all of it is done."""
        reserved = False
        while revokes or grants:
            self.tries += 1
            delay = await self.pacer.enter(
                cost_of_changes(revokes, grants), urgent=urgent, reserved=reserved
            )
            if delay is None:
                revokes, grants, wait = await self._send(revokes, grants)
                reserved = False
            else:
                wait, reserved = delay.after, delay.reserved
            if wait:
                await self._time.sleep(wait)

    async def _send(self, revokes: int, grants: int) -> tuple[int, int, float]:
        whole, rest = divmod(grants, 20)
        parts = [(1, 0)] * revokes + [(0, 20)] * whole + [(0, rest)] * (rest > 0)
        await self._time.sleep(self._latency / 2)
        answers = []
        left = [0, 0]
        for part in parts:
            cost = cost_of_changes(*part)
            reply = self._bucket.write(cost)
            answers.append((cost, reply))
            if not reply.ok:
                left = [left[0] + part[0], left[1] + part[1]]
        await self._time.sleep(self._latency / 2)
        await self.pacer.noted(answers)
        waits = [float(r.headers["retry-after"]) for _, r in answers if not r.ok]
        return left[0], left[1], max(waits, default=0.0)
