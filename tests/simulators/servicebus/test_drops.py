"""Dropped connections: the SDK tries again, and nothing is lost or done twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.servicebus.exceptions import ServiceBusConnectionError

from tests.simulators.servicebus.handlers import Handlers, finish, message, stubborn_handlers
from tests.simulators.servicebus.process import SimulatorProcess


@pytest.fixture(scope="module")
def own_simulator(
    config: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimulatorProcess]:
    process = SimulatorProcess(config, tmp_path_factory.mktemp("drops"))
    yield process
    process.stop()


@pytest.fixture(scope="module")
def stubborn(own_simulator: SimulatorProcess) -> Iterator[Handlers]:
    yield from stubborn_handlers(own_simulator)


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
    sender.send_messages(message("warm", message_id="w"))
    assert finish(stubborn.receiver("once")) == ["warm"]
    before = own_simulator.counts("once")["totals"]["duplicates"]

    own_simulator.order(drop_after_frames=1)  # the transfer is carried out, its answer never leaves
    sender.send_messages(message("m", message_id="m"))

    assert own_simulator.counts("once")["totals"]["duplicates"] == before + 1
    assert finish(stubborn.receiver("once")) == ["m"]


def test_refused_connections_are_errors_until_the_time_is_over(
    own_simulator: SimulatorProcess,
) -> None:
    refused = Handlers(own_simulator.connection_string())
    own_simulator.order(refuse_connections=30)
    with pytest.raises(ServiceBusConnectionError):
        refused.sender("plain").send_messages(message("m"))

    own_simulator.order(refuse_connections=0)
    refused.sender("plain").send_messages(message("m"))
    refused.close()
