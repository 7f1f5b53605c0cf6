"""Bad days that were ordered, and what the SDK makes of them; the control side's own manners."""

from time import monotonic

import pytest
from azure.servicebus.exceptions import (
    ServiceBusServerBusyError,
)

from tests.simulators.servicebus.handlers import Handlers, finish, message
from tests.simulators.servicebus.process import SimulatorProcess


def test_a_busy_namespace_says_so(simulator: SimulatorProcess, handlers: Handlers) -> None:
    simulator.order(server_busy=30)
    with pytest.raises(ServiceBusServerBusyError, match="50009"):
        handlers.sender("plain").send_messages(message("m"))

    simulator.order(server_busy=0)
    handlers.sender("plain").send_messages(message("m"))
    assert finish(handlers.receiver("plain")) == ["m"]


def test_delayed_sends_arrive_late_and_in_order(
    simulator: SimulatorProcess, handlers: Handlers
) -> None:
    sender = handlers.sender("plain")
    simulator.order(delay_sends=0.3)
    started = monotonic()
    sender.send_messages(message("late"))
    assert monotonic() - started >= 0.3

    simulator.order(delay_sends=0)
    sender.send_messages(message("later"))
    assert finish(handlers.receiver("plain"), 2) == ["late", "later"]


def test_an_unknown_fault_or_value_is_refused_and_nothing_is_switched_on(
    simulator: SimulatorProcess,
) -> None:
    status, answer = simulator.ask("POST", "/__sim/faults", {"server_busy": 9, "fire": True})
    assert (status, "known are drop_connections" in answer["error"]) == (400, True)
    assert simulator.ask("POST", "/__sim/faults", {"server_busy": "long"})[0] == 400
    assert simulator.ask("POST", "/__sim/faults", {"drop_connections": 1})[0] == 400

    assert simulator.ask("GET", "/__sim/faults")[1]["server_busy"] == 0


def test_the_control_side_knows_what_it_has_and_what_it_has_not(
    simulator: SimulatorProcess,
) -> None:
    status, health = simulator.ask("GET", "/__sim/health")
    assert (status, health["status"], "plain" in health["queues"]) == (200, "ok", True)
    assert simulator.ask("GET", "/__sim/nothing")[0] == 404
    assert simulator.ask("POST", "/__sim/queues/nothing/purge")[0] == 404
    assert simulator.ask("POST", "/__sim/clock", {"advance": -1})[0] == 400
    assert simulator.ask("POST", "/__sim/clock", ["advance"])[0] == 400
