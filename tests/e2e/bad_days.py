"""Bad days on the local stack: people and policies move, and meanwhile things are killed.

    async with BadDays(home, 600, seed=1) as days:
        await days.kill_host()
        await days.settle()

Where a dead process would only be waited for (its lease, its locks), time is moved instead.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from azure.storage.blob.aio import BlobLeaseClient, BlobServiceClient

from local.converge import converge
from local.errors import NotConverged, RunFailed
from tests.e2e.company import ACCOUNT, KEY, Company
from tests.e2e.echoes import Echoes
from tests.e2e.promises import Promises
from tests.e2e.recorder import Recorder, Trap
from tests.e2e.unrest import Unrest
from tests.e2e.weather import Fault

_MOMENTS = ("any time", "before a write", "after a write", "after an answer", "while confirming")
_BUS_FAULTS: tuple[Fault, ...] = (
    {"drop_connections": True},
    {"drop_after_frames": 1},
    {"expire_locks": True},
    {"server_busy": 2},
    {"refuse_connections": 1},
    {"delay_sends": 0.2},
)
_FRESH = 0.3
_SETTLED_WITHIN_S = 420.0
"""A change is not made again within two minutes of the last, because reads may lag so long."""
_QUEUED_S = 200.0
"""Later than anything is put off on a queue here."""


class BadDays:
    """A company that is never left in peace, and what must hold afterwards."""

    def __init__(
        self,
        home: Path,
        people: int,
        seed: int,
        *,
        watches: bool = False,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._home, self._people, self._say = home, people, say
        self._watches = watches
        self._rng = random.Random(seed)
        self._exit = AsyncExitStack()
        self._left = False
        self.toll: Counter[str] = Counter()
        """What happened, by name."""

    async def __aenter__(self) -> Self:
        self.recorder = recorder = await self._exit.enter_async_context(Recorder())
        settings = {
            "GRAPH_ENDPOINT": f"{recorder.url}/v1.0",
            "DEAD_LETTERS_SCHEDULE": "*/10 * * * * *",
        }
        self.company = Company(self._home, self._people, persistent=True, settings=settings)
        recorder.graph_url = self.company.stack.layout.graph_url
        await self._exit.enter_async_context(self.company)
        connection = self.company.stack.layout.host_settings()["ServiceBus"]
        self.echoes = Echoes(connection, self._rng)
        self.promises = Promises(recorder)
        self.promises.begin(await self.company.document())
        self.unrest = Unrest(self.company, self.promises, self._rng, self.toll)
        await self.unrest.begin()
        await self.company.converge()
        if self._watches:
            # What follows a hint rests on two minutes later than an inventory, so settling waits.
            await self.company.api.fire("renew_watches")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._exit.aclose()

    # Death

    async def kill_host(self) -> str:
        """Kill the host while it is at work; return the moment it was meant to be.

        Mostly it is at what the last one left, if that was anything.
        """
        fresh = not self._left or self._rng.random() < _FRESH
        if fresh:
            await self.unrest.stir()
        moment = self._rng.choice(_MOMENTS)
        trap = self._set_trap(moment)
        if fresh:
            self.echoes.heard_run(await self.company.api.start_run())
        met = await self._wait_for(moment, trap)
        self.company.stack.pid("host")  # It must not have died of anything but us.
        await self.company.stack.kill("host")
        self.recorder.trap = None
        if trap:
            trap.released.set()
        await self._look_at_what_is_left(moment if met else f"{moment} (never came)")
        return moment

    async def start_host(self) -> None:
        """Start the host again, as if whatever the dead one held had run out meanwhile."""
        await self._break_lease()
        await self.company.bus.ask("POST", "/__sim/faults", json={"expire_locks": True})
        await self.company.stack.start_one("host")

    async def trouble_the_bus(self) -> None:
        """Let messages come twice, late and out of order, and connections and locks get lost."""
        self.toll["messages sent again"] += await self.echoes.send(8)
        fault: Fault = self._rng.choice(_BUS_FAULTS)
        if "drop_after_frames" in fault:
            fault = {"drop_after_frames": self._rng.randint(1, 80)}
        await self.company.bus.ask("POST", "/__sim/faults", json=fault)
        self.toll[f"bus: {next(iter(fault))}"] += 1

    async def lose_locks(self) -> None:
        """Take every lock from those who are at work, once there is work."""
        await self.unrest.stir()
        self.echoes.heard_run(await self.company.api.start_run())
        await _within(6, self.recorder.next_write())
        await asyncio.sleep(self._rng.uniform(0, 0.3))
        await self.company.bus.ask("POST", "/__sim/faults", json={"expire_locks": True})
        self.toll["locks lost at work"] += 1

    async def restart(self, name: str) -> None:
        """End another program in the middle of everything, and start it again.

        Azurite is asked to stop: it keeps its last seconds in memory only, which the service it
        stands for does not. Whoever is connected to it sees the same as if it were killed.
        """
        if name == "azurite":
            await self.company.stack.stop_one(name)
        else:
            await self.company.stack.kill(name)
        await asyncio.sleep(self._rng.random())
        await self.company.stack.start_one(name)
        self.toll[f"{name} restarted"] += 1

    def _set_trap(self, moment: str) -> Trap | None:
        if moment not in ("before a write", "after a write"):
            return None
        trap = Trap("before" if moment == "before a write" else "after", self._rng.randrange(6))
        self.recorder.trap = trap
        return trap

    async def _wait_for(self, moment: str, trap: Trap | None) -> bool:
        if trap:
            return await _within(6, trap.sprung.wait())
        if moment == "any time":
            await asyncio.sleep(self._rng.uniform(0, 3))
            return True
        met = await _within(6, self.recorder.next_write())
        longest = 1.5 if moment == "while confirming" else 0.15
        await asyncio.sleep(self._rng.uniform(0, longest))
        return met

    async def _look_at_what_is_left(self, moment: str) -> None:
        """Count what the dead host left behind."""
        pages = [r for r in await self.company.ledger() if r["RowKey"].startswith("o:page:")]
        for page in pages:
            self.echoes.heard_page(page["id"], page["PartitionKey"])
        self.toll["kills"] += 1
        self.toll[f"killed {moment}"] += 1
        self._left = bool(pages)
        self.toll["kills with an open page"] += self._left
        self.toll["kills with a page never sent"] += any(not page["sent"] for page in pages)
        self.toll["kills with something unconfirmed"] += any(
            page["applied"] != "[]" for page in pages
        )

    async def _break_lease(self) -> None:
        url = f"http://127.0.0.1:{self.company.stack.layout.ports.blobs}/{ACCOUNT}"
        credential = {"account_name": ACCOUNT, "account_key": KEY}
        async with BlobServiceClient(url, credential=credential) as service:
            async for container in service.list_containers():
                blobs = service.get_container_client(container.name)
                async for blob in blobs.list_blobs():
                    if blob.lease.state == "leased":
                        lease = BlobLeaseClient(blobs.get_blob_client(blob.name))
                        await lease.break_lease(lease_break_period=0)
                        self.toll["kills in the turn to decide"] += 1

    # Weather

    async def order(self, faults: tuple[Fault, ...]) -> None:
        """Order these faults from Graph, in place of any others."""
        await self.company.graph.ask("DELETE", "/__sim/faults")
        for fault in faults:
            await self.company.graph.ask("POST", "/__sim/faults", json=fault)

    async def clear_up(self) -> None:
        """End every fault, and let what lags catch up."""
        await self.company.graph.ask("DELETE", "/__sim/faults")
        await self.company.bus.ask("POST", "/__sim/faults", json={"delay_sends": 0})
        settings = await self.company.graph.ask("GET", "/__sim/settings")
        lag = settings["replication_lag"]
        if lag:
            await self.company.graph.ask("PATCH", "/__sim/settings", json={"replication_lag": 0})

    # Peace

    async def settle(self) -> None:
        """Let it all come to rest, and assert that every promise was kept.

        Raises:
            AssertionError: one was not.
        """
        await self.clear_up()
        deadline = time.monotonic() + _SETTLED_WITHIN_S
        while True:
            try:
                await converge(self.company.api)
                await self._empty_queues()
                await self.promises.all_kept(self.company)
                break
            except (AssertionError, RunFailed, NotConverged) as error:
                if time.monotonic() > deadline:
                    raise
                self._say(f"  not yet: {str(error)[:200]}")
                await asyncio.sleep(5)
        self.toll["settled"] += 1

    async def _empty_queues(self) -> None:
        """Let what was put off come due, now that nothing waits for it, and see it all go."""
        await self.company.bus.ask("POST", "/__sim/clock", json={"advance": _QUEUED_S})
        deadline = time.monotonic() + 60
        while left := await self._messages():
            assert time.monotonic() < deadline, f"messages are left: {left}"
            await asyncio.sleep(0.2)

    async def _messages(self) -> dict[str, dict[str, int]]:
        queues = await self.company.bus.ask("GET", "/__sim/queues")
        counts = {
            name: {state: n for state, n in queue.items() if state != "totals" and n}
            for name, queue in queues.items()
        }
        return {name: left for name, left in counts.items() if left}


async def _within(seconds: float, wait: Coroutine[None, None, object]) -> bool:
    """Wait for it, but not for ever; tell whether it came."""
    try:
        async with asyncio.timeout(seconds):
            await wait
    except TimeoutError:
        return False
    return True
