"""The turns of the simulator: what has arrived moves messages, is made durable, and is answered.

A turn covers everything that arrived in one round of the event loop, so that many sends cost one
commit; no answer leaves before the commit.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulators.servicebus.broker.namespace import Namespace
from simulators.servicebus.engine.faults import Faults

if TYPE_CHECKING:
    from simulators.servicebus.engine.connection import AmqpConnection


class Server:
    """What all connections share. `key` signs the tokens that are let in."""

    def __init__(self, namespace: Namespace, key: str) -> None:
        self.namespace = namespace
        self.key = key
        self.faults = Faults()
        self.connections: set[AmqpConnection] = set()
        self._with_output: set[AmqpConnection] = set()
        self._loop = asyncio.get_running_loop()
        self._awake = False
        self._timer: asyncio.TimerHandle | None = None

    def has_output(self, connection: "AmqpConnection") -> None:
        """The connection has something to flush when the turn ends."""
        self._with_output.add(connection)

    def wake(self) -> None:
        """Take a turn once the present round of the event loop is over."""
        if not self._awake:
            self._awake = True
            self._loop.call_soon(self.turn)

    def later(self, seconds: float, action: Callable[[], None]) -> asyncio.TimerHandle:
        """Do something after so many seconds of real time."""
        return self._loop.call_later(seconds, action)

    def turn(self) -> None:
        """Do what is due, hand out messages, commit, flush, and sleep until the next moment."""
        self._awake = False
        if self._timer is not None:
            self._timer.cancel()
        seconds = self.namespace.run()
        self.namespace.journal.commit()
        for connection in self._with_output:
            connection.flush()
        self._with_output.clear()
        self._timer = None if seconds is None else self._loop.call_later(seconds, self.wake)

    def drop_connections(self) -> int:
        """End every connection without a word; return how many there were."""
        dropped = list(self.connections)
        for connection in dropped:
            connection.drop()
        return len(dropped)

    def stop(self) -> None:
        """Commit, and end every connection."""
        self.turn()
        if self._timer is not None:
            self._timer.cancel()
        self.drop_connections()
