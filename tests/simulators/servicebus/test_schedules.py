"""Scheduled messages and duplicate detection, which know of each other."""

from datetime import UTC, datetime, timedelta

import pytest
from azure.servicebus.exceptions import MessageNotFoundError

from tests.simulators.servicebus.handlers import (
    Handlers,
    comes_nothing,
    finish,
    message,
    take_one,
)
from tests.simulators.servicebus.process import SimulatorProcess


def in_seconds(simulator: SimulatorProcess, seconds: float) -> datetime:
    """Return a moment of the simulator's own time, which other tests moved ahead."""
    now_ms = simulator.ask("GET", "/__sim/clock")[1]["now_ms"]
    return datetime.fromtimestamp(now_ms / 1000, UTC) + timedelta(seconds=seconds)


def test_a_scheduled_message_comes_when_its_time_has_come_under_a_new_number(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    receiver = handlers.receiver("plain")
    [number] = handlers.sender("plain").schedule_messages(
        message("later"), in_seconds(simulator, 100)
    )
    assert comes_nothing(receiver)
    assert [m.state.name for m in receiver.peek_messages(sequence_number=number)] == ["SCHEDULED"]

    simulator.advance(101)

    received = take_one(receiver)
    assert str(received) == "later"
    assert received.sequence_number != number
    assert received.enqueued_sequence_number == number
    receiver.complete_message(received)


def test_a_message_sent_with_a_scheduled_time_waits_for_it(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    later = message("later", scheduled_enqueue_time_utc=in_seconds(simulator, 100))
    handlers.sender("plain").send_messages([later, message("now")])

    assert finish(handlers.receiver("plain")) == ["now"]
    assert simulator.counts("plain")["scheduled"] == 1

    simulator.advance(101)
    assert finish(handlers.receiver("plain")) == ["later"]


def test_a_cancelled_message_never_comes(simulator: SimulatorProcess, handlers: Handlers) -> None:
    sender = handlers.sender("plain")
    numbers = sender.schedule_messages([message("a"), message("b")], in_seconds(simulator, 100))

    sender.cancel_scheduled_messages(numbers[0])
    simulator.advance(101)

    assert finish(handlers.receiver("plain")) == ["b"]
    with pytest.raises(MessageNotFoundError):
        sender.cancel_scheduled_messages(numbers[0])


def test_a_duplicate_within_the_window_is_accepted_and_dropped(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    sender = handlers.sender("once")
    before = simulator.counts("once")["totals"]

    sender.send_messages(message("first", message_id="m-1"))
    sender.send_messages([message("again", message_id="m-1"), message("other", message_id="m-2")])

    assert finish(handlers.receiver("once"), 2) == ["first", "other"]
    after = simulator.counts("once")["totals"]
    assert after["duplicates"] - before["duplicates"] == 1
    assert after["sent"] - before["sent"] == 2


def test_after_the_window_a_message_id_is_new_again(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    sender = handlers.sender("once")
    sender.send_messages(message("first", message_id="m-1"))

    simulator.advance(301)
    sender.send_messages(message("again", message_id="m-1"))

    assert finish(handlers.receiver("once"), 2) == ["first", "again"]


def test_a_scheduled_message_makes_a_later_immediate_one_a_duplicate(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    sender = handlers.sender("once")
    sender.schedule_messages(message("scheduled", message_id="m-1"), in_seconds(simulator, 100))

    sender.send_messages(message("immediate", message_id="m-1"))
    simulator.advance(101)

    assert finish(handlers.receiver("once")) == ["scheduled"]
    assert simulator.counts("once")["active"] == 0


def test_a_scheduled_message_may_itself_be_a_duplicate(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    sender = handlers.sender("once")
    sender.send_messages(message("immediate", message_id="m-1"))

    sender.schedule_messages(message("scheduled", message_id="m-1"), in_seconds(simulator, 100))

    assert simulator.counts("once")["scheduled"] == 0
    assert finish(handlers.receiver("once")) == ["immediate"]
