"""Notifications delivered over HTTP, well and badly."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.simulators.graph.receiver import Receiver, receiver
from tests.simulators.graph.simulation import Simulation, simulation, until
from tests.simulators.graph.tenant import id_of, small_tenant
from tests.simulators.graph.test_subscriptions import wanted


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with receiver() as running:
        yield running


async def watch(graph: Simulation, hook: Receiver, **changes: Any) -> str:
    status, document, _ = await graph.call("POST", "/subscriptions", wanted(graph, hook, **changes))
    assert status == 201, document
    return str(document["id"])


async def add(graph: Simulation, *names: str) -> None:
    bound = {"members@odata.bind": [f"x/users/{id_of(name)}" for name in names]}
    status, _, _ = await graph.call("PATCH", f"/groups/{id_of('plain')}", bound)
    assert status == 204


async def test_a_membership_change_tells_who_came_and_who_went(
    graph: Simulation, hook: Receiver
) -> None:
    subscription = await watch(graph, hook)

    await add(graph, "linus", "grace")
    await until(lambda: len(hook.items) == 1)
    await graph.call("DELETE", f"/groups/{id_of('plain')}/members/{id_of('ada')}/$ref")
    await until(lambda: len(hook.items) == 2)

    came, went = hook.items
    assert came["resource"] == f"Groups/{id_of('plain')}"
    assert came["resourceData"]["@odata.type"] == "#Microsoft.Graph.Group"
    assert came["resourceData"]["organizationId"] == came["tenantId"] == id_of("contoso")
    assert came["resourceData"]["members@delta"] == [
        {"id": id_of("linus")},
        {"id": id_of("grace")},
    ]
    assert went["resourceData"]["members@delta"] == [{"id": id_of("ada"), "@removed": "deleted"}]
    assert (came["subscriptionId"], came["clientState"]) == (subscription, "secret")
    assert hook.queries[0] == "code=key"


async def test_a_users_change_soft_delete_and_license_come_as_updated(
    graph: Simulation, hook: Receiver
) -> None:
    await watch(graph, hook, resource="/users")
    linus = id_of("linus")

    await graph.control("PATCH", "users/linus@contoso.example", {"department": "Legal"})
    await until(lambda: len(hook.items) == 1)
    reference = {"@odata.id": f"x/users/{linus}"}
    await graph.call("POST", f"/groups/{id_of('licensed')}/members/$ref", reference)
    await until(lambda: len(hook.items) == 2)
    await graph.call("DELETE", f"/users/{linus}")
    await until(lambda: len(hook.items) == 3)
    await graph.call("DELETE", f"/directory/deletedItems/{linus}")
    await until(lambda: len(hook.items) == 4)

    assert [item["changeType"] for item in hook.items] == ["updated"] * 3 + ["deleted"]
    assert {item["resource"] for item in hook.items} == {f"Users/{linus}"}


async def test_one_group_can_be_watched_alone(graph: Simulation, hook: Receiver) -> None:
    await watch(graph, hook, resource=f"/groups/{id_of('team')}/members")

    await add(graph, "linus")
    reference = {"@odata.id": f"x/users/{id_of('linus')}"}
    await graph.call("POST", f"/groups/{id_of('team')}/members/$ref", reference)
    await until(lambda: bool(hook.items))

    assert [item["resourceData"]["id"] for item in hook.items] == [id_of("team")]


async def test_several_notifications_come_in_one_post(hook: Receiver) -> None:
    async with simulation(small_tenant(), notification_delay=3600) as graph:
        await watch(graph, hook)
        for name in ("linus", "grace", "vera"):
            await add(graph, name)
        await graph.control("POST", "clock", {"advance": 3599})
        assert hook.posts == []
        await watch(graph, hook, resource="/users", changeType="updated")
        await graph.control("POST", "clock", {"advance": 1})
        await until(lambda: len(hook.items) == 3)

    assert len(hook.posts) == 1


async def test_what_is_not_accepted_is_sent_again(graph: Simulation, hook: Receiver) -> None:
    await watch(graph, hook)
    hook.statuses = [503, 500]

    await add(graph, "linus")
    await until(lambda: len(hook.items) == 1)
    await until(lambda: graph.world.notifier.pending == 0)

    counts = await graph.control("GET", "notifications")
    assert (counts["posts"], counts["delivered"], counts["failed"]) == (3, 1, 2)


async def test_after_four_hours_it_is_given_up(graph: Simulation, hook: Receiver) -> None:
    await watch(graph, hook)
    hook.statuses = [503] * 50

    await add(graph, "linus")
    await until(lambda: graph.world.notifier.counts.failed > 0)
    await graph.control("POST", "clock", {"advance": 5 * 3600})
    await until(lambda: graph.world.notifier.pending == 0)

    assert (await graph.control("GET", "notifications"))["given_up"] == 1
    assert hook.items == []


async def test_notifications_get_lost(hook: Receiver) -> None:
    async with simulation(small_tenant(), notification_loss=1) as graph:
        await watch(graph, hook)
        await add(graph, "linus")
        counts = await graph.control("GET", "notifications")

    assert (counts["lost"], counts["pending"], hook.items) == (1, 0, [])


async def test_notifications_come_twice(hook: Receiver) -> None:
    async with simulation(small_tenant(), notification_duplicates=1) as graph:
        await watch(graph, hook)
        await add(graph, "linus")
        await until(lambda: len(hook.items) == 2)

    assert hook.items[0] == hook.items[1]


async def test_notifications_come_out_of_order(hook: Receiver) -> None:
    settings = {"notification_reorder": True, "notification_delay": 60, "seed": 4}
    async with simulation(small_tenant(), **settings) as graph:
        await watch(graph, hook)
        names = ["linus", "grace", "vera", "nemo"]
        for name in names:
            await add(graph, name)
        await graph.control("POST", "clock", {"advance": 200})
        await until(lambda: len(hook.items) == 4)

    came = [item["resourceData"]["members@delta"][0]["id"] for item in hook.items]
    assert sorted(came) == sorted(id_of(name) for name in names)
    assert came != [id_of(name) for name in names]


async def test_lifecycle_events_are_sent_when_ordered(graph: Simulation, hook: Receiver) -> None:
    address = f"{hook.address}/lifecycle"
    subscription = await watch(graph, hook, lifecycleNotificationUrl=address)

    for event in ("reauthorizationRequired", "missed", "subscriptionRemoved"):
        await graph.control("POST", "lifecycle", {"event": event, "subscription": subscription})
        await until(lambda: graph.world.notifier.pending == 0)

    assert [item["lifecycleEvent"] for item in hook.items] == [
        "reauthorizationRequired",
        "missed",
        "subscriptionRemoved",
    ]
    assert hook.items[0]["clientState"] == "secret"
    assert (await graph.get("/subscriptions"))["value"] == []
