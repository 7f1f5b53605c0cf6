"""Look at a queue from outside: how many messages of which kind, and empty it."""

from dataclasses import asdict
from typing import Any

from simulators.servicebus.broker.message import State
from simulators.servicebus.broker.queue import Queue


def counts(queue: Queue) -> dict[str, Any]:
    """Return how many messages are in which state now, and the totals since the start.

    A deferred message counts as deferred also while somebody holds it.
    """
    states = {"active": 0, "scheduled": 0, "deferred": 0, "locked": 0}
    for message in queue.shelf:
        if message.state is State.SCHEDULED:
            states["scheduled"] += 1
        elif message.state is State.DEFERRED:
            states["deferred"] += 1
        else:
            states["locked" if message.lock else "active"] += 1
    dead = 0 if queue.dead_letters is None else len(queue.dead_letters.shelf)
    return {**states, "dead": dead, "totals": asdict(queue.totals)}


def purge(queue: Queue) -> int:
    """Empty the queue, locked messages included, and forget session states and seen ids.

    Return how many messages went; dead letters are a queue of their own and stay.
    """
    queue.delivery.expire_all()
    messages = list(queue.shelf)
    for message in messages:
        queue.shelf.remove(message)
    if queue.sessions is not None:
        queue.sessions.clear_states()
    if queue.seen is not None:
        queue.seen.clear()
    return len(messages)
