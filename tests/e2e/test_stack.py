"""The whole stack: real SDKs, real protocols, real processes, and what can be killed is killed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from local.answers import Status
from simulators.telemetry.received import Received
from simulators.telemetry.server import receiver
from tests.e2e.company import CLIENT_FACING, ENTITLED, Company
from tests.e2e.telling import SOON, missing, outcomes, unknown

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


async def until(check: Callable[[], Awaitable[object]], seconds: float = 120) -> None:
    """Wait until a check holds; give up after so many seconds."""
    deadline = time.monotonic() + seconds
    while not await check():
        assert time.monotonic() < deadline, f"{check.__name__} did not come true"
        await asyncio.sleep(0.05)


async def start_and_wait(company: Company, share: float) -> None:
    """Start a run and wait until a share of its changes is applied, but not all."""
    run = await company.api.start_run()

    async def decided() -> bool:
        return (await company.api.run(run)).state in ("done", "failed")

    def applied(status: Status) -> bool:
        done = sum(bundle.granted + bundle.revoked for bundle in status.bundles)
        return done >= share * (done + status.in_flight)

    async def under_way() -> bool:
        return applied(await company.api.status())

    await until(decided)
    await until(under_way)


async def test_it_converges_and_follows_a_person_who_moves_and_tells_of_it(tmp_path: Path) -> None:
    async with receiver() as there:
        settings = SOON | {"OTEL_EXPORTER_OTLP_ENDPOINT": there.url}
        async with Company(tmp_path, 400, settings=settings) as company:
            mover = await _converges_and_follows(company)
            await _tells_the_whole_trace(there.received, mover)
            await company.check()
            assert unknown(there.received) == set()
            assert (await company.scan()).found(there.received.texts()) == []


async def _converges_and_follows(company: Company) -> str:
    assert await company.wrong()
    summary = await company.converge()
    # A timer may have run before our first run did.
    assert sum(each.granted + each.revoked for each in summary.after.bundles) > 50
    await company.check()

    await company.api.fire("renew_watches")

    async def watched() -> bool:
        answer = await company.graph.ask("GET", "/v1.0/subscriptions", headers=_TOKEN)
        return len(answer["value"]) == 2

    await until(watched)
    document = await company.document()
    mover = next(
        user
        for user in document["users"]
        if user.get("department") in CLIENT_FACING and user["accountEnabled"]
    )
    await company.graph.ask("PATCH", f"/__sim/users/{mover['id']}", json={"department": "Legal"})
    moved = await company.document()
    concerned = {
        bundle
        for bundle, entitled in ENTITLED.items()
        if entitled(document) ^ entitled(moved) == {mover["id"]}
    }
    assert concerned == {"teams", "e5"}

    async def followed() -> bool:
        return not await company.wrong()

    await until(followed)

    async def closed() -> bool:
        return not await company.open_in_ledger()

    await until(closed)
    return str(mover["id"])


async def _tells_the_whole_trace(received: Received, mover: str) -> None:
    """From the notification to the license that is seen, over both queues."""

    async def trace_is_whole() -> bool:
        changes = [one for one in outcomes(received, mover) if one[0] in ("teams", "e5")]
        if not {(bundle, action) for bundle, action, _ in changes} >= {
            ("teams", "revoke"),
            ("e5", "grant"),
        }:
            return False
        return not any(missing(received, trace, bundle) for bundle, _, trace in changes)

    await until(trace_is_whole)


async def test_the_host_is_killed_while_fulfilling(tmp_path: Path) -> None:
    async with Company(tmp_path, 1500) as company:
        for share in (0.05, 0.4):
            await start_and_wait(company, share)
            await company.stack.kill("host")
            await company.stack.start_one("host")
        await company.converge()
        await company.check()


async def test_service_bus_is_killed_while_fulfilling(tmp_path: Path) -> None:
    async with Company(tmp_path, 1500) as company:
        await start_and_wait(company, 0.1)
        await company.stack.kill("servicebus")
        await company.stack.start_one("servicebus")
        await company.converge()
        await company.check()


async def test_graph_throttles(tmp_path: Path) -> None:
    async with Company(tmp_path, 400) as company:
        quota = {"throttling": True, "writes": 36, "write_window": 4}
        await company.graph.ask("PATCH", "/__sim/settings", json=quota)
        refusal = {"match": ".* /groups/.*", "status": 429, "retry_after": 1.5, "times": 12}
        await company.graph.ask("POST", "/__sim/faults", json=refusal | {"in_batch": True})
        await company.converge()
        stats = await company.graph.ask("GET", "/__sim/stats")
        assert stats["throttled"] > 0
        await company.check()


async def test_graph_fails_here_and_there(tmp_path: Path) -> None:
    async with Company(tmp_path, 400) as company:
        for status in (503, 500):
            fault = {"match": ".* /groups/.*", "status": status, "share": 0.2, "in_batch": True}
            await company.graph.ask("POST", "/__sim/faults", json=fault)
        await start_and_wait(company, 0.3)
        await company.graph.ask("DELETE", "/__sim/faults")
        await company.converge()
        await company.check()


_TOKEN = {"Authorization": "Bearer local"}
