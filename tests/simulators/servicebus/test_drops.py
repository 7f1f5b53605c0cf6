"""Dropped connections: the SDK tries again, and nothing is lost or done twice."""

import pytest
from azure.servicebus.exceptions import ServiceBusConnectionError

from tests.simulators.servicebus.handlers import Handlers, finish, message
from tests.simulators.servicebus.process import SimulatorProcess

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def test_sending_and_receiving_go_on_after_a_dropped_connection(
    own_simulator: SimulatorProcess, stubborn: Handlers
) -> None:
    sender, receiver = stubborn.sender("once"), stubborn.receiver("once")
    sender.send_messages(message("before", message_id="1"))
    assert finish(receiver) == ["before"]

    own_simulator.order(drop_connections=True)

    sender.send_messages(message("after", message_id="2"))
    assert finish(receiver) == ["after"]


def test_a_send_whose_answer_was_lost_is_repeated_and_recognized(
    own_simulator: SimulatorProcess, stubborn: Handlers
) -> None:
    sender = stubborn.sender("once")
    sender.send_messages(message("warm", message_id="0"))
    assert finish(stubborn.receiver("once")) == ["warm"]
    before = own_simulator.counts("once")["totals"]["duplicates"]

    own_simulator.order(drop_after_frames=1)  # the transfer is carried out, its answer never leaves
    sender.send_messages(message("m", message_id="1"))

    assert own_simulator.counts("once")["totals"]["duplicates"] == before + 1
    assert finish(stubborn.receiver("once")) == ["m"]


def test_refused_connections_are_errors_until_the_time_is_over(
    simulator: SimulatorProcess,
) -> None:
    refused = Handlers(simulator.connection_string())
    simulator.order(refuse_connections=30)
    with pytest.raises(ServiceBusConnectionError):
        refused.sender("plain").send_messages(message("m"))

    simulator.order(refuse_connections=0)
    refused.sender("plain").send_messages(message("m"))
    refused.close()
