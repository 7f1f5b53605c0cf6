"""Subscriptions: the handshake, renewal, what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.subscription import Subscription

from tests.simulators.graph.receiver import Receiver, receiver
from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import id_of, small_tenant


def minutes_ahead(graph: Simulation, minutes: float) -> str:
    moment = datetime.fromtimestamp(graph.world.clock.now(), UTC) + timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.0000000Z")


def wanted(graph: Simulation, hook: Receiver, **changes: Any) -> dict[str, Any]:
    return {
        "changeType": "updated,deleted",
        "notificationUrl": f"{hook.address}/api/notify?code=key",
        "resource": "/groups",
        "expirationDateTime": minutes_ahead(graph, 60),
        "clientState": "secret",
    } | changes


async def test_the_sdk_creates_renews_lists_and_deletes(graph: Simulation) -> None:
    async with receiver() as hook:
        later = datetime.fromtimestamp(graph.world.clock.now(), UTC) + timedelta(hours=1)
        made = await graph.sdk.subscriptions.post(
            Subscription(
                change_type="updated",
                notification_url=f"{hook.address}/notify",
                lifecycle_notification_url=f"{hook.address}/lifecycle",
                resource="/users",
                expiration_date_time=later,
                client_state="secret",
            )
        )
        assert made
        assert made.id
        one = graph.sdk.subscriptions.by_subscription_id(made.id)
        renewed = await one.patch(Subscription(expiration_date_time=later + timedelta(hours=1)))
        await one.reauthorize.post()
        listed = await graph.sdk.subscriptions.get()
        await one.delete()

    assert renewed
    assert renewed.expiration_date_time == later.replace(microsecond=later.microsecond) + timedelta(
        hours=1
    )
    assert listed
    assert [each.id for each in listed.value or []] == [made.id]
    assert len(hook.handshakes) == 2
    with pytest.raises(ODataError, match="The object was not found"):
        await one.get()


async def test_the_handshake_keeps_the_query_and_calls_once_per_address(
    graph: Simulation,
) -> None:
    async with receiver() as hook:
        same = f"{hook.address}/api/notify?code=key"
        body = wanted(graph, hook, lifecycleNotificationUrl=same)
        status, document, _ = await graph.call("POST", "/subscriptions", body)

    assert status == 201
    assert document["clientState"] == "secret"
    assert len(hook.handshakes) == 2
    query = parse_qs(hook.handshakes[0])
    assert query["code"] == ["key"]
    assert "%" in hook.handshakes[0]
    assert query["validationToken"][0].startswith("Validation: ")


@pytest.mark.parametrize(
    ("behavior", "words"),
    [
        ({"echo": "something else"}, "must respond with 200 OK"),
        ({"content_type": "text/html"}, "must respond with 200 OK"),
        ({"statuses": [404]}, "HTTP status code is 'NotFound'"),
        ({"silent": True}, "The operation has timed out"),
    ],
)
async def test_an_endpoint_that_does_not_echo_gets_no_subscription(
    behavior: dict[str, Any], words: str
) -> None:
    async with (
        receiver(**behavior) as hook,
        simulation(small_tenant(), validation_timeout=0.2) as graph,
    ):
        status, document, _ = await graph.call("POST", "/subscriptions", wanted(graph, hook))
        page = await graph.get("/subscriptions")

    assert status == 400
    assert words in document["error"]["message"]
    assert page["value"] == []


async def test_what_cannot_be_watched_is_refused_before_anyone_is_called(
    graph: Simulation,
) -> None:
    async with receiver() as hook:
        for change, status in (
            ({"resource": "/applications"}, 400),
            ({"changeType": "renamed"}, 400),
            ({"clientState": "x" * 129}, 400),
            ({"notificationUrl": "http://example.com/hook"}, 400),
            ({"notificationUrl": None}, 400),
            ({"expirationDateTime": "tomorrow"}, 400),
            ({"expirationDateTime": minutes_ahead(graph, -1)}, 400),
            ({"expirationDateTime": minutes_ahead(graph, 41_800)}, 400),
        ):
            got, _, _ = await graph.call("POST", "/subscriptions", wanted(graph, hook) | change)
            assert got == status, change

    assert hook.handshakes == []


async def test_the_same_watch_twice_is_a_conflict(graph: Simulation) -> None:
    async with receiver() as hook:
        _, first, _ = await graph.call("POST", "/subscriptions", wanted(graph, hook))
        status, document, _ = await graph.call("POST", "/subscriptions", wanted(graph, hook))

    assert status == 409
    assert document["error"]["message"] == (
        f"Subscription Id {first['id']} already exists for the requested combination"
    )


async def test_one_application_has_so_many_subscriptions_and_no_more() -> None:
    async with receiver() as hook, simulation(small_tenant(), subscription_quota=1) as graph:
        await graph.call("POST", "/subscriptions", wanted(graph, hook))
        one = wanted(graph, hook, resource=f"/groups/{id_of('plain')}")
        status, _, _ = await graph.call("POST", "/subscriptions", one)

    assert status == 403


async def test_a_subscription_ends_with_its_time(graph: Simulation) -> None:
    async with receiver() as hook:
        _, made, _ = await graph.call("POST", "/subscriptions", wanted(graph, hook))
        await graph.control("POST", "clock", {"advance": 3601})
        renewal = {"expirationDateTime": minutes_ahead(graph, 60)}
        status, _, _ = await graph.call("PATCH", f"/subscriptions/{made['id']}", renewal)

    assert status == 404


async def test_watching_needs_the_right_to_read(graph: Simulation) -> None:
    await graph.control("POST", "permissions", {"granted": ["GroupMember.ReadWrite.All"]})
    async with receiver() as hook:
        status, _, _ = await graph.call("POST", "/subscriptions", wanted(graph, hook))

    assert status == 403
