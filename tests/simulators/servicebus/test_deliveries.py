"""What becomes of a message without a session: complete, abandon, defer, dead-letter, expire."""

import uuid

import pytest
from azure.servicebus import ServiceBusReceiveMode
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessageNotFoundError,
    MessageSizeExceededError,
)

from tests.simulators.servicebus.handlers import (
    Handlers,
    comes_nothing,
    finish,
    message,
    take,
    take_one,
)
from tests.simulators.servicebus.process import SimulatorProcess


def test_a_message_arrives_as_it_was_sent(handlers: Handlers) -> None:
    properties = {"whole": 1.0, "number": 1 << 20, "flag": True, "id": uuid.uuid4(), "text": "ü"}
    sent = message(
        "body",
        application_properties=properties,
        message_id="m-1",
        correlation_id="c-1",
        subject="grant",
        content_type="application/json",
    )

    handlers.sender("plain").send_messages(sent)
    received = take_one(handlers.receiver("plain"))

    assert str(received) == "body"
    expected = {key.encode(): value for key, value in properties.items()}
    assert received.application_properties == {**expected, b"text": "ü".encode()}
    assert (received.message_id, received.correlation_id) == ("m-1", "c-1")
    assert (received.subject, received.content_type) == ("grant", "application/json")
    assert received.delivery_count == 0
    handlers.receiver("plain").complete_message(received)


def test_a_batch_arrives_in_order_and_a_body_may_look_like_amqp(handlers: Handlers) -> None:
    tricky = [f"m{number}" for number in range(20)] + ["\x00Su\xa0\x03abc"]

    handlers.sender("plain").send_messages([message(text) for text in tricky])

    assert finish(handlers.receiver("plain"), len(tricky)) == tricky


def test_a_message_of_many_frames_arrives_whole(handlers: Handlers) -> None:
    text = "x" * 200_000

    handlers.sender("plain").send_messages(message(text))

    assert finish(handlers.receiver("plain")) == [text]


def test_a_completed_message_is_gone(simulator: SimulatorProcess, handlers: Handlers) -> None:
    handlers.sender("plain").send_messages(message("done"))

    finish(handlers.receiver("plain"))

    counts = simulator.counts("plain")
    assert (counts["active"], counts["locked"]) == (0, 0)


def test_an_abandoned_message_comes_back_counted_and_in_its_place(handlers: Handlers) -> None:
    receiver = handlers.receiver("plain")
    handlers.sender("plain").send_messages([message("first"), message("second")])

    receiver.abandon_message(take_one(receiver))

    again = take_one(receiver)
    assert (str(again), again.delivery_count) == ("first", 1)
    receiver.complete_message(again)
    assert finish(receiver) == ["second"]


def test_too_many_deliveries_end_in_the_dead_letter_queue(handlers: Handlers) -> None:
    receiver, dead = handlers.receiver("plain"), handlers.dead_letters("plain")
    handlers.sender("plain").send_messages(message("poison"))

    for _ in range(3):
        receiver.abandon_message(take_one(receiver))

    letter = take_one(dead)
    assert letter.dead_letter_reason == "MaxDeliveryCountExceeded"
    assert letter.delivery_count == 3
    dead.complete_message(letter)


def test_a_dead_lettered_message_says_why(handlers: Handlers) -> None:
    receiver, dead = handlers.receiver("plain"), handlers.dead_letters("plain")
    handlers.sender("plain").send_messages(message("odd", application_properties={"kept": 1}))

    receiver.dead_letter_message(take_one(receiver), reason="bad", error_description="not a grant")

    letter = take_one(dead)
    assert (letter.dead_letter_reason, letter.dead_letter_error_description) == (
        "bad",
        "not a grant",
    )
    assert (letter.application_properties or {})[b"kept"] == 1
    dead.complete_message(letter)


def test_a_deferred_message_comes_only_by_its_number(handlers: Handlers) -> None:
    receiver = handlers.receiver("plain")
    handlers.sender("plain").send_messages(message("later"))
    first = take_one(receiver)
    receiver.defer_message(first)

    assert comes_nothing(receiver)
    [deferred] = receiver.receive_deferred_messages(first.sequence_number or 0)
    receiver.abandon_message(deferred)
    assert comes_nothing(receiver)
    [deferred] = receiver.receive_deferred_messages(first.sequence_number or 0)
    assert deferred.delivery_count == 1
    receiver.complete_message(deferred)

    with pytest.raises(MessageNotFoundError):
        receiver.receive_deferred_messages(first.sequence_number or 0)


def test_a_lock_that_ran_out_is_lost_and_the_message_comes_again(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    receiver = handlers.receiver("plain")
    handlers.sender("plain").send_messages(message("slow"))
    late = take_one(receiver)

    simulator.advance(61)

    with pytest.raises(MessageLockLostError):
        receiver.complete_message(late)
    again = take_one(receiver)
    assert again.delivery_count == 1
    receiver.complete_message(again)


def test_a_renewed_lock_holds(simulator: SimulatorProcess, handlers: Handlers) -> None:
    receiver = handlers.receiver("plain")
    handlers.sender("plain").send_messages(message("long job"))
    held = take_one(receiver)

    for _ in range(3):
        simulator.advance(40)
        receiver.renew_message_lock(held)

    receiver.complete_message(held)
    counts = simulator.counts("plain")
    assert (counts["active"], counts["locked"], counts["dead"]) == (0, 0, 0)


def test_a_lost_lock_cannot_be_renewed(simulator: SimulatorProcess, handlers: Handlers) -> None:
    receiver = handlers.receiver("plain")
    handlers.sender("plain").send_messages(message("forgotten"))
    held = take_one(receiver)

    simulator.order(expire_locks=True)

    with pytest.raises(MessageLockLostError):
        receiver.renew_message_lock(held)
    finish(receiver)


def test_receive_and_delete_leaves_nothing(simulator: SimulatorProcess, handlers: Handlers) -> None:
    handlers.sender("mortal").send_messages([message("a"), message("b")])

    with handlers.client.get_queue_receiver(
        "mortal", receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE
    ) as receiver:
        assert [str(received) for received in take(receiver, 2)] == ["a", "b"]

    counts = simulator.counts("mortal")
    assert (counts["active"], counts["locked"]) == (0, 0)


def test_an_expired_message_is_dead_lettered(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    handlers.sender("mortal").send_messages(message("stale"))

    simulator.advance(61)

    assert simulator.counts("mortal")["active"] == 0
    letter = take_one(handlers.dead_letters("mortal"))
    assert letter.dead_letter_reason == "TTLExpiredException"
    handlers.dead_letters("mortal").complete_message(letter)


def test_a_dead_letter_does_not_expire(simulator: SimulatorProcess, handlers: Handlers) -> None:
    handlers.sender("mortal").send_messages(message("stale"))
    simulator.advance(61)

    simulator.advance(3600)

    assert simulator.counts("mortal")["dead"] == 1


def test_a_message_over_256_kb_is_refused(handlers: Handlers) -> None:
    with pytest.raises(MessageSizeExceededError):
        handlers.sender("plain").send_messages(message("x" * (256 * 1024)))


def test_peek_shows_messages_and_their_states_and_takes_none(handlers: Handlers) -> None:
    sender, receiver = handlers.sender("plain"), handlers.receiver("plain")
    sender.send_messages([message("locked"), message("deferred"), message("waiting")])
    locked, deferred = take(receiver, 2)
    receiver.defer_message(deferred)

    peeked = receiver.peek_messages(10, sequence_number=1)

    assert [(str(m), m.state.name) for m in peeked] == [
        ("locked", "ACTIVE"),
        ("deferred", "DEFERRED"),
        ("waiting", "ACTIVE"),
    ]
    receiver.complete_message(locked)
    assert finish(receiver) == ["waiting"]
