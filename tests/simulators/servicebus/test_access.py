"""Who is let in, and to what."""

import pytest
from azure.servicebus.exceptions import (
    MessagingEntityNotFoundError,
    ServiceBusAuthenticationError,
)

from tests.simulators.servicebus.handlers import Handlers, message
from tests.simulators.servicebus.process import SimulatorProcess


def test_a_wrong_key_is_refused(simulator: SimulatorProcess) -> None:
    stranger = Handlers(simulator.connection_string(key="WRONG"))
    with pytest.raises(ServiceBusAuthenticationError):
        stranger.sender("plain").send_messages(message("m"))
    stranger.close()
    assert simulator.counts("plain")["active"] == 0


def test_an_unknown_queue_is_not_found(handlers: Handlers) -> None:
    with pytest.raises(MessagingEntityNotFoundError, match="nothing"):
        handlers.sender("nothing").send_messages(message("m"))
