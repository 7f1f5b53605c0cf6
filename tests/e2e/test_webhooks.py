"""Notifications over real HTTP on the whole stack, on their worst days; Graph's time is moved.

Each act moves people who have not moved before: what a notification decided, no inventory reverses
within two minutes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.company import CLIENT_FACING, Company, Document

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

_TOKEN = {"Authorization": "Bearer local"}
_PATIENCE_S = 90
_HOUR = 3_600


class Days:
    """A company whose host is told of everything that moves, as well as Graph can today."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._moved: set[str] = set()

    async def graph(self, method: str, path: str, **body: Any) -> Any:
        return await self._company.graph.ask(method, path, json=body, headers=_TOKEN)

    async def weather(self, **settings: Any) -> None:
        await self.graph("PATCH", "/__sim/settings", **settings)

    async def advance(self, seconds: float) -> None:
        await self.graph("POST", "/__sim/clock", advance=seconds)

    async def move(self, count: int) -> None:
        """Let people from Sales and Marketing go to Legal, which are two bundles' business."""
        document: Document = await self._company.document()
        movers = [
            user["id"]
            for user in document["users"]
            if user.get("department") in CLIENT_FACING
            and user["accountEnabled"]
            and user["id"] not in self._moved
        ][:count]
        assert len(movers) == count
        self._moved.update(movers)
        changes = (
            self.graph("PATCH", f"/__sim/users/{mover}", department="Legal") for mover in movers
        )
        await asyncio.gather(*changes)
        assert await self._company.wrong()

    async def comes_right(self) -> None:
        """Wait until membership is as policy says."""

        async def right() -> bool:
            return not await self._company.wrong()

        await until(right)

    async def notifications(self) -> dict[str, int]:
        counts: dict[str, int] = await self.graph("GET", "/__sim/notifications")
        return counts

    async def answers(self) -> dict[str, int]:
        """Return how many POSTs were answered with which status."""
        told = await self.graph("GET", "/__sim/notifications")
        answers: dict[str, int] = told["answers"]
        return answers

    async def subscriptions(self) -> list[Document]:
        listed = await self.graph("GET", "/v1.0/subscriptions")
        return list(listed["value"])

    async def watch(self) -> None:
        """Fire the timer, and wait until users and groups are watched."""
        await self._company.api.fire("renew_watches")

        async def watched() -> bool:
            return len(await self.subscriptions()) == 2

        await until(watched)


async def until(check: Callable[[], Awaitable[object]]) -> None:
    """Wait until a check holds."""
    deadline = time.monotonic() + _PATIENCE_S
    while not await check():
        assert time.monotonic() < deadline, f"{check.__qualname__} did not come true"
        await asyncio.sleep(0.4)


async def test_whatever_becomes_of_notifications_all_is_as_policy_says(tmp_path: Path) -> None:
    async with Company(tmp_path, 260, persistent=True) as company:
        days = Days(company)
        await company.converge()
        await days.watch()

        await _many_at_once(days)
        await _late_twice_and_in_any_order(days)
        await _refused_and_sent_again(company, days)
        await _lost_now_and_then(company, days)
        await _down_for_an_hour(company, days)
        await _expired_meanwhile(company, days)

        async def closed() -> bool:
            return not await company.open_in_ledger()

        await until(closed)
        await company.check_logs()


async def _many_at_once(days: Days) -> None:
    """More than fit one POST: they are followed together, not one by one."""
    await days.weather(notification_batch=5)
    before = (await days.notifications())["posts"]
    await days.move(12)
    await days.comes_right()
    await days.weather(notification_batch=20)
    assert (await days.notifications())["posts"] - before > 2


async def _late_twice_and_in_any_order(days: Days) -> None:
    await days.weather(
        notification_delay=240, notification_duplicates=0.5, notification_reorder=True
    )
    await days.move(6)
    for _ in range(4):
        await days.advance(240)
    await days.comes_right()
    await days.weather(
        notification_delay=0.2, notification_duplicates=0, notification_reorder=False
    )


async def _refused_and_sent_again(company: Company, days: Days) -> None:
    """The queue takes nothing, so the host asks Graph, in time, to send again."""
    await company.bus.ask("POST", "/__sim/faults", json={"server_busy": _HOUR})
    await days.move(2)

    async def refused() -> bool:
        return (await days.answers()).get("503", 0) > 0

    await until(refused)
    await company.bus.ask("POST", "/__sim/faults", json={"server_busy": 0})
    await days.advance(600)
    await days.comes_right()


async def _lost_now_and_then(company: Company, days: Days) -> None:
    """A tenth is lost, one of them for sure; what nobody told, an inventory finds."""
    await days.weather(notification_loss=0.1)
    await days.move(6)
    await days.weather(notification_loss=1)
    await days.move(1)
    await days.weather(notification_loss=0)
    assert (await days.notifications())["lost"] > 0
    await company.api.start_run()
    await days.comes_right()


async def _down_for_an_hour(company: Company, days: Days) -> None:
    await company.stack.kill("host")
    before = (await days.notifications())["failed"]
    await days.move(3)
    for _ in range(6):
        await days.advance(_HOUR / 6)
        await asyncio.sleep(0)

    async def tried() -> bool:
        return (await days.notifications())["failed"] > before

    await until(tried)
    await company.stack.start_one("host")
    await days.advance(600)
    await days.comes_right()


async def _expired_meanwhile(company: Company, days: Days) -> None:
    """Nobody is told of what happens after the end of a subscription; then all begins anew."""
    await company.stack.kill("host")
    now = (await days.graph("POST", "/__sim/clock", advance=0))["now"]
    soon = datetime.fromtimestamp(now, UTC) + timedelta(minutes=30)
    for one in await days.subscriptions():
        path = f"/v1.0/subscriptions/{one['id']}"
        await days.graph("PATCH", path, expirationDateTime=f"{soon:%Y-%m-%dT%H:%M:%SZ}")
    await days.advance(_HOUR)
    assert await days.subscriptions() == []
    await days.move(2)
    await company.stack.start_one("host")
    await days.watch()
    await company.api.start_run()
    await days.comes_right()
    await days.move(2)
    await days.comes_right()
