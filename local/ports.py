"""The ports of one local stack, and the questions asked of them before anything starts."""

import errno
import random
import socket
from dataclasses import dataclass

from local.errors import StackError

_HOST = "127.0.0.1"
# Below the ports that systems give to outgoing connections (from 32768 on), which come and go.
_FIRST, _LAST = 15000, 32000
_PARTS = 6


@dataclass(frozen=True)
class Ports:
    """Where one stack listens. Azurite takes three ports in a row: blobs, queues, tables."""

    graph: int = 8088
    service_bus: int = 5672
    azurite: int = 10000
    host: int = 7071

    @property
    def blobs(self) -> int:
        """The first of Azurite's ports."""
        return self.azurite

    @property
    def queues(self) -> int:
        """The second of Azurite's ports: unused by Seatflow, wanted by Core Tools."""
        return self.azurite + 1

    @property
    def tables(self) -> int:
        """The third of Azurite's ports."""
        return self.azurite + 2

    def uses(self) -> tuple[tuple[int, str, str], ...]:
        """Return (port, who listens there, the variable that moves it) for every port."""
        return (
            (self.graph, "the Graph simulator", "GRAPH_PORT"),
            (self.service_bus, "the Service Bus simulator", "SERVICEBUS_PORT"),
            (self.blobs, "Azurite's blobs", "AZURITE_PORT"),
            (self.queues, "Azurite's queues", "AZURITE_PORT"),
            (self.tables, "Azurite's tables", "AZURITE_PORT"),
            (self.host, "the functions host", "HOST_PORT"),
        )

    @classmethod
    def free(cls) -> "Ports":
        """Choose ports that nothing listens on now, for tests and benchmarks."""
        while True:
            first = random.randrange(_FIRST, _LAST, _PARTS)  # by chance: others choose too
            if all(is_free(port) for port in range(first, first + _PARTS)):
                return cls(graph=first, service_bus=first + 1, azurite=first + 2, host=first + 5)


DEFAULT_PORTS = Ports()


def require_free(ports: Ports, *, simulated: bool = True) -> None:
    """Raise StackError for the first port that two parts want or that somebody already has.

    Without `simulated` nobody listens on the Graph simulator's.
    """
    wanted: dict[int, str] = {}
    for port, who, variable in ports.uses()[0 if simulated else 1 :]:
        if port in wanted:
            raise StackError(
                f"port {port} is wanted by {wanted[port]} and by {who}: "
                f"choose another with {variable}=<port>"
            )
        wanted[port] = who
        if not is_free(port):
            raise StackError(
                f"port {port} for {who} is already taken: "
                f"stop what uses it, or choose another with {variable}=<port>"
            )


def is_free(port: int) -> bool:
    """Say whether this process could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose last connections only linger in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True
