"""The simulator as a whole: queues, journal, engine and control behind one listening port."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from simulators.servicebus.broker.clock import Clock
from simulators.servicebus.broker.journal import NoJournal
from simulators.servicebus.broker.namespace import Namespace
from simulators.servicebus.broker.settings import QueueSettings
from simulators.servicebus.control.routes import Control
from simulators.servicebus.engine.server import Server
from simulators.servicebus.gateway import Gateway
from simulators.servicebus.store import SqliteStore

DEFAULT_KEY = "SAS_KEY_VALUE"
"""The key in the connection string of Microsoft's emulator."""


def open_namespace(queues: Sequence[QueueSettings], data: Path | None) -> Namespace:
    """Return the namespace, with all it remembers if there is a data directory.

    StoreError when the directory cannot be used.
    """
    if data is None:
        return Namespace(queues, Clock(), NoJournal())
    store = SqliteStore(data)
    namespace = Namespace(queues, Clock(ahead_ms=store.ahead_ms()), store)
    store.declare(queue.settings for queue in namespace.every_queue())
    namespace.restore(store.recall())
    return namespace


@asynccontextmanager
async def serving(
    namespace: Namespace, host: str, port: int, key: str = DEFAULT_KEY
) -> AsyncIterator[int]:
    """Serve the namespace and yield the port (a free one for 0); OSError when it is taken."""
    server = Server(namespace, key)
    control = Control(server)
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: Gateway(server, control), host, port)
    server.turn()
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        server.stop()
