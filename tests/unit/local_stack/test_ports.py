"""A taken port is found before anything starts, and the variable that moves it is named."""

import socket
from dataclasses import replace

import pytest

from local.errors import StackError
from local.ports import Ports, require_free


def test_free_ports_are_free_and_distinct() -> None:
    ports = Ports.free()

    require_free(ports)

    assert len({port for port, _, _ in ports.uses()}) == 6


@pytest.mark.parametrize(
    ("part", "variable"),
    [
        ("graph", "GRAPH_PORT"),
        ("service_bus", "SERVICEBUS_PORT"),
        ("tables", "AZURITE_PORT"),
        ("host", "HOST_PORT"),
    ],
)
def test_a_taken_port_names_its_variable(part: str, variable: str) -> None:
    ports = Ports.free()
    taken = getattr(ports, part)

    with socket.create_server(("127.0.0.1", taken)):  # noqa: SIM117 - the order matters
        with pytest.raises(StackError, match=f"port {taken} .* already taken.*{variable}=<port>"):
            require_free(ports)


def test_a_port_wanted_twice_is_refused() -> None:
    ports = Ports.free()
    clash = replace(ports, graph=ports.queues)

    with pytest.raises(StackError, match="wanted by the Graph simulator and by Azurite's queues"):
        require_free(clash)
