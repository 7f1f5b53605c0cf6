"""Sessions: one holder at a time, in order, with a state of their own."""

import pytest
from azure.servicebus.exceptions import (
    OperationTimeoutError,
    ServiceBusError,
    SessionCannotBeLockedError,
    SessionLockLostError,
)

from tests.simulators.servicebus.handlers import Handlers, finish, message, take
from tests.simulators.servicebus.process import SimulatorProcess


def send(handlers: Handlers, session_id: str, *texts: str) -> None:
    handlers.sender("groups").send_messages(
        [message(text, session_id=session_id) for text in texts]
    )


def test_a_session_is_handed_out_in_order_and_abandoning_keeps_the_order(
    handlers: Handlers,
) -> None:
    send(handlers, "finance", "a", "b", "c")
    receiver = handlers.session("groups", "finance")

    first = take(receiver)[0]
    receiver.abandon_message(first)

    assert finish(receiver, 3) == ["a", "b", "c"]


def test_two_receivers_get_different_sessions_and_a_third_gets_none(handlers: Handlers) -> None:
    send(handlers, "finance", "f")
    send(handlers, "sales", "s")

    one, two = handlers.session("groups"), handlers.session("groups")

    assert {one.session.session_id, two.session.session_id} == {"finance", "sales"}
    with pytest.raises(OperationTimeoutError):
        handlers.session("groups", wait=0.3)
    with pytest.raises(SessionCannotBeLockedError):
        handlers.session("groups", "sales")


def test_a_closed_receiver_frees_its_session_and_counts_no_delivery(handlers: Handlers) -> None:
    send(handlers, "finance", "a", "b")
    hasty = handlers.session("groups", "finance")
    take(hasty, 2)
    hasty.close()

    patient = handlers.session("groups", "finance")

    assert [(str(m), m.delivery_count) for m in take(patient, 2)] == [("a", 0), ("b", 0)]


def test_a_session_lock_that_ran_out_is_lost_and_counts_a_delivery(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    send(handlers, "finance", "a")
    slow = handlers.session("groups", "finance")
    [held] = take(slow)

    simulator.advance(31)

    with pytest.raises(SessionLockLostError):
        slow.complete_message(held)
    with pytest.raises(SessionLockLostError):
        slow.session.renew_lock()
    [again] = take(handlers.session("groups"))
    assert (str(again), again.delivery_count) == ("a", 1)


def test_a_renewed_session_lock_holds(simulator: SimulatorProcess, handlers: Handlers) -> None:
    send(handlers, "finance", "a")
    receiver = handlers.session("groups", "finance")
    [held] = take(receiver)

    for _ in range(3):
        simulator.advance(20)
        receiver.session.renew_lock()

    receiver.complete_message(held)


def test_state_and_deferred_messages_stay_with_the_session(handlers: Handlers) -> None:
    send(handlers, "finance", "a")
    first = handlers.session("groups", "finance")
    assert first.session.get_state() is None
    first.session.set_state(b"half way")
    [received] = take(first)
    number = received.sequence_number or 0
    first.defer_message(received)
    first.receive_deferred_messages(number)
    first.close()

    second = handlers.session("groups", "finance")
    assert second.session.get_state() == b"half way"
    second.session.set_state(None)
    assert second.session.get_state() is None
    [again] = second.receive_deferred_messages(number)
    second.complete_message(again)


def test_sessions_with_messages_or_state_are_listed(handlers: Handlers) -> None:
    send(handlers, "finance", "a")
    send(handlers, "sales", "b")

    assert sorted(handlers.client.list_queue_sessions("groups")) == ["finance", "sales"]


def test_a_message_without_a_session_is_refused(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    with pytest.raises(ServiceBusError, match="SessionId"):
        handlers.sender("groups").send_messages(
            [message("with", session_id="finance"), message("without")]
        )
    assert simulator.counts("groups")["active"] == 0, "a batch is taken whole or not at all"
