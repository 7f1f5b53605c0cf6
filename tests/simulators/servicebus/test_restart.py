"""A kill without warning loses nothing that was acknowledged."""

import pytest

from tests.simulators.servicebus.handlers import (
    Handlers,
    finish,
    message,
    take,
    take_one,
)
from tests.simulators.servicebus.process import SimulatorProcess
from tests.simulators.servicebus.test_schedules import in_seconds

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def test_everything_but_locks_survives_a_kill(
    own_simulator: SimulatorProcess, stubborn: Handlers
) -> None:
    sender, receiver = stubborn.sender("once"), stubborn.receiver("once")
    sender.send_messages([message(text, message_id=text) for text in ("a", "b", "c", "d", "e")])
    abandoned, deferred, dead, done, _locked = take(receiver, 5)
    receiver.abandon_message(abandoned)
    receiver.defer_message(deferred)
    receiver.dead_letter_message(dead, reason="bad")
    receiver.complete_message(done)
    [scheduled] = sender.schedule_messages(
        message("s", message_id="s"), in_seconds(own_simulator, 200)
    )
    holder = stubborn.session("groups", "finance")
    holder.session.set_state(b"half way")
    stubborn.sender("groups").send_messages(message("g", session_id="finance"))

    own_simulator.advance(15)

    own_simulator.restart_after_kill()

    assert own_simulator.ask("GET", "/__sim/clock")[1]["ahead_seconds"] == 15
    sender.send_messages(message("a", message_id="a"))  # still seen
    counts = own_simulator.counts("once")
    assert [counts[kind] for kind in ("active", "locked", "deferred", "scheduled", "dead")] == [
        *(2, 0, 1, 1, 1),
    ]
    assert [(str(m), m.delivery_count) for m in take(receiver, 2)] == [("a", 1), ("e", 0)]
    [late] = receiver.receive_deferred_messages(deferred.sequence_number or 0)
    assert str(late) == "b"
    letter = take_one(stubborn.dead_letters("once"))
    assert (str(letter), letter.dead_letter_reason) == ("c", "bad")
    own_simulator.advance(200)
    # Their locks have run out meanwhile: those two come again, too.
    arrived = [m for m in take(receiver, 3) if m.enqueued_sequence_number == scheduled]
    assert [str(m) for m in arrived] == ["s"]
    assert (arrived[0].sequence_number or 0) > scheduled, "numbers go on where they were"

    again = stubborn.session("groups", "finance")
    assert again.session.get_state() == b"half way"
    assert finish(again) == ["g"]
