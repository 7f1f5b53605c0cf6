"""Promises below the SDK: each broken one makes azure-servicebus 7.15 hang or misread."""

import time
import uuid
from collections.abc import AsyncIterator

import pytest

from simulators.servicebus.amqp import Described, Symbol, ULong, decode, section
from simulators.servicebus.engine.performatives import (
    Attach,
    Detach,
    Disposition,
    Flow,
    Transfer,
)
from tests.simulators.servicebus.process import SimulatorProcess
from tests.simulators.servicebus.wire import (
    ACCEPTED,
    MODIFIED,
    REJECTED,
    RELEASED,
    SESSION_FILTER,
    WireClient,
    body,
    source,
    token,
)


@pytest.fixture
async def wire(simulator: SimulatorProcess) -> AsyncIterator[WireClient]:
    async with WireClient(simulator.port) as client:
        assert (await client.authorize())["status-code"] == 202
        yield client


async def test_without_a_good_token_no_queue_is_open(simulator: SimulatorProcess) -> None:
    async with WireClient(simulator.port) as client:
        assert (await client.authorize(token(client.port, time.time() - 1)))["status-code"] == 401
        assert (await client.authorize("SharedAccessSignature sr=x"))["status-code"] == 401
        client.attach_receiver("plain", 1)
        assert (await client.expect(Attach)).source is None
        refusal = (await client.expect(Detach)).error
        assert refusal is not None
        assert refusal.value[0] == "amqp:unauthorized-access"


async def test_a_send_is_answered_settled_although_the_peer_would_settle_second(
    wire: WireClient,
) -> None:
    await wire.attach_sender("amqps://127.0.0.1:5672/PLAIN", 1)

    assert (await wire.transfer(1, body("m"))).descriptor == ACCEPTED


async def test_a_refused_send_carries_an_error_with_all_three_fields(wire: WireClient) -> None:
    await wire.attach_sender("groups", 1)

    state = await wire.transfer(1, body("no session"))

    assert state.descriptor == REJECTED
    condition, _, info = state.value[0].value
    assert (condition, info) == ("amqp:not-allowed", None)
    state = await wire.transfer(1, b"\x00\x53\x75\xa0\xff")
    assert state.value[0].value[0] == "amqp:decode-error"


async def test_a_refused_attach_has_no_termini_and_is_closed(wire: WireClient) -> None:
    wire.attach_receiver("nothing", 1)

    answer = await wire.expect(Attach)
    detach = await wire.expect(Detach)

    assert (answer.source, answer.target) == (None, None)
    assert detach.closed
    assert detach.error is not None
    assert len(detach.error.value) == 3


@pytest.mark.parametrize(
    ("queue", "session"), [("groups", False), ("plain", "finance"), ("plain", None)]
)
async def test_the_wrong_kind_of_receiver_is_refused(
    wire: WireClient, queue: str, session: str | bool | None
) -> None:
    wire.attach_receiver(queue, 1, session)

    assert (await wire.expect(Attach)).source is None
    refusal = (await wire.expect(Detach)).error
    assert refusal is not None
    assert refusal.value[0] == "amqp:not-allowed"


async def test_a_delivery_is_tagged_with_its_lock_and_counted_from_0_on_the_wire(
    wire: WireClient,
) -> None:
    await wire.attach_sender("plain", 1)
    await wire.transfer(1, body("m"))
    wire.attach_receiver("plain", 2)
    answer = await wire.expect(Attach)
    wire.credit(2, 1)

    transfer, payload = await wire.expect_with_payload(Transfer)

    assert (answer.initial_delivery_count, answer.max_message_size) == (0, 262144)
    assert len(transfer.delivery_tag or b"") == 16
    assert (transfer.delivery_id or 0) >= 0x40000000, "clear of the client's own ids"
    assert decode(payload)[0].value[4] == 0, "written although it is 0"
    assert b"x-opt-locked-until" in payload
    renewed = section(0x73, [ULong(7)]) + section(
        0x74, {"operation": "com.microsoft:renew-lock", "type": "entity-mgmt"}
    )
    lock = uuid.UUID(bytes_le=transfer.delivery_tag or b"")
    _, application, _ = await wire.request(
        "plain/$management", 10, renewed + section(0x77, {"lock-tokens": [lock]})
    )
    assert application["statusCode"] == 200


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        (ACCEPTED, []),
        (RELEASED, []),
        (MODIFIED, [True, False]),
        (MODIFIED, [None, True]),
        (
            REJECTED,
            [
                Described(
                    ULong(0x1D),
                    [
                        Symbol("com.microsoft:dead-letter"),
                        None,
                        {Symbol("DeadLetterReason"): "bad"},
                    ],
                )
            ],
        ),
    ],
    ids=["complete", "release", "abandon", "defer", "dead-letter"],
)
async def test_an_outcome_is_answered_bare_with_the_same_outcome(
    wire: WireClient, code: int, fields: list[object]
) -> None:
    await wire.attach_sender("plain", 1)
    await wire.transfer(1, body("m"))
    wire.attach_receiver("plain", 2)
    await wire.expect(Attach)
    wire.credit(2, 1)
    number = (await wire.expect(Transfer)).delivery_id or 0

    wire.settle(number, number, code, fields)

    answer = await wire.expect(Disposition)
    assert (answer.role, answer.first, answer.settled) == (False, number, True)
    assert answer.state is not None
    assert (answer.state.descriptor, answer.state.value) == (code, [])


async def test_a_range_of_outcomes_is_answered_one_by_one_even_if_it_is_endless(
    wire: WireClient,
) -> None:
    await wire.attach_sender("plain", 1)
    for text in "abc":
        await wire.transfer(1, body(text))
    wire.attach_receiver("plain", 2)
    await wire.expect(Attach)
    wire.credit(2, 3)
    numbers = [(await wire.expect(Transfer)).delivery_id for _ in "abc"]

    wire.settle(0, 0xFFFFFFFF, ACCEPTED)

    assert [(await wire.expect(Disposition)).first for _ in "abc"] == numbers


async def test_a_lost_lock_is_answered_with_why(
    simulator: SimulatorProcess, wire: WireClient
) -> None:
    await wire.attach_sender("plain", 1)
    await wire.transfer(1, body("m"))
    wire.attach_receiver("plain", 2)
    await wire.expect(Attach)
    wire.credit(2, 1)
    number = (await wire.expect(Transfer)).delivery_id or 0

    simulator.order(expire_locks=True)
    wire.settle(number, number, ACCEPTED)

    state = (await wire.expect(Disposition)).state
    assert state is not None
    assert state.descriptor == REJECTED
    assert state.value[0].value[0] == "com.microsoft:message-lock-lost"


async def test_draining_uses_up_the_credit(wire: WireClient) -> None:
    await wire.attach_sender("plain", 1)
    await wire.transfer(1, body("m"))
    wire.attach_receiver("plain", 2)
    await wire.expect(Attach)

    wire.credit(2, 5, drain=True)

    await wire.expect(Transfer)
    flow = await wire.expect(Flow)
    assert (flow.handle, flow.delivery_count, flow.link_credit, flow.drain) == (2, 5, 0, True)


async def test_credit_that_is_restated_does_not_add_up(
    simulator: SimulatorProcess, wire: WireClient
) -> None:
    await wire.attach_sender("plain", 1)
    for text in "abc":
        await wire.transfer(1, body(text))
    wire.attach_receiver("plain", 2)
    await wire.expect(Attach)

    wire.credit(2, 1)
    await wire.expect(Transfer)
    wire.credit(2, 1)  # says: one more than I had seen at the start, and that one has come
    wire.credit(2, 1, seen=1)
    await wire.expect(Transfer)

    assert simulator.counts("plain")["locked"] == 2


async def test_a_session_attach_is_answered_with_the_peers_source_and_the_chosen_id(
    wire: WireClient,
) -> None:
    wire.attach_receiver("amqps://127.0.0.1:5672/groups", 2, session=None)
    await wire.attach_sender("groups", 1)
    await wire.transfer(1, body("m", session="finance"))

    answer = await wire.expect(Attach)

    asked = source("amqps://127.0.0.1:5672/groups", "finance")
    assert answer.source is not None
    assert answer.source.value == asked.value
    assert answer.source.value[7] == {SESSION_FILTER: "finance"}
    until = (answer.properties or {})["com.microsoft:locked-until-utc"]
    assert until > 621355968000000000


async def test_a_receiver_that_stopped_waiting_gets_no_late_session(wire: WireClient) -> None:
    wire.attach_receiver("groups", 2, session=None)
    await wire.detach(2)
    await wire.attach_sender("groups", 1)
    await wire.transfer(1, body("m", session="finance"))

    wire.attach_receiver("groups", 3, session="finance")

    assert (await wire.expect(Attach)).name == "out-3", "the session is free"


async def test_a_reply_repeats_the_message_id_with_its_type(wire: WireClient) -> None:
    operation = section(0x74, {"operation": "com.microsoft:nothing"})

    for handle, message_id in ((10, ULong(7)), (20, uuid.uuid4()), (30, "seven")):
        request = section(0x73, [message_id]) + operation
        properties, application, _ = await wire.request("plain/$management", handle, request)

        assert (properties[5], type(properties[5])) == (message_id, type(message_id))
        assert application["statusCode"] == 501


async def test_a_released_message_counts_no_delivery(wire: WireClient) -> None:
    await wire.attach_sender("plain", 1)
    await wire.transfer(1, body("m"))
    wire.attach_receiver("plain", 2)
    await wire.expect(Attach)
    wire.credit(2, 1)
    first, payload = await wire.expect_with_payload(Transfer)

    wire.settle(first.delivery_id or 0, first.delivery_id or 0, RELEASED)
    await wire.expect(Disposition)
    wire.credit(2, 1, seen=1)
    _, again = await wire.expect_with_payload(Transfer)

    assert again[:12] == payload[:12], "the header, which holds the count"


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\xff\xff\xff\xff\x02\x00\x00\x00",
        b"\x00\x00\x00\x0c\x02\x00\x00\x00\x00\x53\x12\x45",
        b"\x00\x00\x00\x0b\x02\x00\x00\x00\x41\x41\x41",
        b"\x00\x00\x00\x15\x02\x00\x00\x00\x00\x53\x14\xd0\xff\xff\xff\xff\xff\xff\xff\xff\x40",
    ],
    ids=["frame size", "attach without fields", "no performative", "counts"],
)
async def test_nonsense_ends_its_connection_and_no_other(
    simulator: SimulatorProcess, wire: WireClient, nonsense: bytes
) -> None:
    async with WireClient(simulator.port) as other:
        other.send_bytes(nonsense)
        assert await other.closed_by_peer()

    await wire.attach_sender("plain", 1)
    assert (await wire.transfer(1, body("m"))).descriptor == ACCEPTED
