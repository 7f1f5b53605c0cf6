"""Move people and see when their memberships follow."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from benchmarks.webhooks.world import BUNDLES, bundle, group, person, tenant_policy
from local.api import Api, Web
from local.converge import converge
from local.errors import Refused

_POLL_S = 0.02
_PATIENCE_S = 900.0
_AT_ONCE = 40
_TOKEN = {"Authorization": "Bearer local"}

type Check = Callable[[int, Sequence[str]], bool]
"""Tells of a person and her groups whether she is where she is to be."""


class Measure:
    """One stack, on which people move who have not moved before."""

    def __init__(self, api: Api, graph: Web, people: int, quota: int, rate: float) -> None:
        self._api, self._graph = api, graph
        # The last two cities are for bulk.
        self._movers = iter([n for n in range(people) if n % BUNDLES < BUNDLES - 2])
        self._quota, self._rate = quota, rate

    async def begin(self) -> None:
        """Let all be as policy says, and be watched."""
        await self._api.push({"tenant.yaml": tenant_policy()})
        await converge(self._api)
        await self._api.fire("renew_watches")
        await _until(self._watched, 0.1)
        await self._one()  # the first of all loads this and that

    async def one_by_one(self, name: str, moves: int) -> None:
        """Move people one after the other and print how long it took."""
        await self._reset()
        took = [await self._one() for _ in range(moves)]
        stats = await self._ask("GET", "/__sim/stats")
        told = max(1, stats["notifications"]["delivered"])
        print(f"  {name:10} {_percentiles(took)} from PATCH to membership ({moves} moves)")
        print(
            f"  {'':10} per notification {stats['requests'] / told:.2f} requests,"
            f" {stats['sub_requests'] / told:.2f} of them in batches,"
            f" {stats['resource_units'] / told:.2f} resource units (all of the host's, so with"
            " writes, confirming and timers)"
        )

    async def beside_bulk(self, moves: int) -> None:
        """The same while everything is compiled without a pause, and bulk is fulfilled."""
        bulk = asyncio.create_task(self._bulk())
        try:
            await self.one_by_one("busy", moves)
        finally:
            bulk.cancel()
            with suppress(asyncio.CancelledError):
                await bulk
        print(f"  {'':10} meanwhile {self._runs} runs of inventory and compile")
        await converge(self._api)

    async def burst(self, count: int) -> None:
        """Move many at once and print when all had followed, and how fast each POST was taken.

        Everybody gets the bundle of her new city, and leaves the old one once the new license is
        seen; nothing is fired here.
        """
        movers = [number for number, _ in zip(self._movers, range(count), strict=False)]
        await self._reset()
        began = time.monotonic()
        gate = asyncio.Semaphore(_AT_ONCE)

        async def move(number: int) -> None:
            async with gate:
                await self._move(number)

        await asyncio.gather(*map(move, movers))
        print(f"  burst      {len(movers):,} people moved in {time.monotonic() - began:.1f} s")
        await self._all_there(movers, _moved_in)
        joined = time.monotonic() - began
        self._print_applied("in the new group", joined, self._fewest_additions(movers))
        await self._tell_posts()
        await self._all_there(movers, _moved_out)
        fewest = self._fewest_additions(movers) + len(movers)
        self._print_applied("and out of the old one", time.monotonic() - began, fewest)

    def _print_applied(self, what: str, took: float, writes: int) -> None:
        bound = max(0.0, (writes - self._quota) / self._rate)
        ratio = f"; applied / bound: {took / bound:.2f}" if bound else ""
        print(
            f"             all are {what} after {took:.1f} s; the write quota allows its"
            f" {writes:,} writes in {bound:.1f} s{ratio}"
        )

    async def _tell_posts(self) -> None:
        stats = await self._ask("GET", "/__sim/stats")
        told = stats["notifications"]
        print(
            f"             {told['posts']:,} POSTs, {told['failed']:,} notifications refused;"
            f" answered in {_percentiles(told['answered'])}"
        )
        print(
            f"             {stats['requests']:,} requests, {stats['resource_units']:,} resource"
            f" units for {told['delivered']:,} notifications; {stats['throttled']} throttled"
        )

    async def _one(self) -> float:
        number = next(self._movers)
        began = time.monotonic()
        await self._move(number)
        await self._all_there([number], _moved_in, _POLL_S)
        return time.monotonic() - began

    async def _move(self, number: int) -> None:
        city = {"city": f"City {_next(number)}"}
        await self._ask("PATCH", f"/__sim/users/{person(number)}", json=city)

    async def _all_there(self, movers: Sequence[int], there: Check, pause: float = 0.2) -> None:
        """Wait until each is where she is to be."""
        deadline = time.monotonic() + _PATIENCE_S
        waiting = list(movers)
        while waiting:
            if time.monotonic() > deadline:
                raise SystemExit(f"{len(waiting)} of {len(movers)} people never followed.")
            if there(waiting[-1], await self._groups(waiting[-1])):
                waiting.pop()
            else:
                await asyncio.sleep(pause)

    async def _groups(self, number: int) -> Sequence[str]:
        groups: Sequence[str] = (await self._ask("GET", f"/__sim/users/{person(number)}"))[
            "memberOf"
        ]
        return groups

    async def _bulk(self) -> None:
        self._runs = 0
        last = BUNDLES - 1
        while True:
            with suppress(Refused):  # the host is too busy to answer; once more
                also = None if self._runs % 2 else last - 1
                await self._api.store_bundle(f"b{last:02}", bundle(last, also))
                run = await self._api.start_run()
                await _until(partial(self._ended, run), 0.1)
            self._runs += 1

    async def _watched(self) -> bool:
        return len((await self._ask("GET", "/v1.0/subscriptions"))["value"]) == 2

    async def _ended(self, run: str) -> bool:
        return (await self._api.run(run)).state in ("done", "failed")

    async def _reset(self) -> None:
        await self._ask("POST", "/__sim/stats/reset")

    async def _ask(self, method: str, path: str, **arguments: Any) -> Any:
        return await self._graph.ask(method, path, headers=_TOKEN, **arguments)

    def _fewest_additions(self, movers: Iterable[int]) -> int:
        """Three additions are a write, each group by itself."""
        new = [_next(number) for number in movers]
        return sum(math.ceil(new.count(city) / 3) for city in set(new))


def _moved_in(number: int, groups: Sequence[str]) -> bool:
    return group(_next(number)) in groups


def _moved_out(number: int, groups: Sequence[str]) -> bool:
    return group(number % BUNDLES) not in groups


async def _until(check: Callable[[], Awaitable[bool]], pause: float) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not await check():
        if time.monotonic() > deadline:
            raise SystemExit(f"After {_PATIENCE_S:.0f} s still not: {check}.")
        await asyncio.sleep(pause)


def _next(number: int) -> int:
    return (number + 1) % (BUNDLES - 2)


def _percentiles(took: Sequence[float]) -> str:
    ordered = sorted(took) or [0.0]
    shown = (
        f"p{100 * share:g} {ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.2f} s"
        for share in (0.5, 0.95, 0.99)
    )
    return ", ".join(shown)
