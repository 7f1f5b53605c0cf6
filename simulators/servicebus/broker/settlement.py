"""The five ways a receiver ends a delivery."""

import uuid
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from simulators.servicebus.broker.errors import not_allowed
from simulators.servicebus.broker.message import State
from simulators.servicebus.broker.queue import Queue


class Outcome(Enum):
    """What a receiver says of a message; the values are update-disposition's, spelling included."""

    COMPLETE = "completed"
    ABANDON = "abandoned"
    DEFER = "defered"
    DEAD_LETTER = "suspended"
    RELEASE = "released"


@dataclass(frozen=True, slots=True)
class Settlement:
    """An outcome with the properties the receiver sets; the reasons are for dead-lettering."""

    outcome: Outcome
    reason: str | None = None
    description: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)


def settle(queue: Queue, token: uuid.UUID, settlement: Settlement) -> None:
    """End the delivery with this lock token; BrokerError when its lock is lost."""
    if settlement.outcome is Outcome.DEAD_LETTER and queue.dead_letters is None:
        raise not_allowed("A message in a dead-letter queue cannot be dead-lettered.")
    message = queue.delivery.unlock(token, queue.clock.now())
    if settlement.properties:
        message.annotate(settlement.properties)
        queue.shelf.changed(message)
    match settlement.outcome:
        case Outcome.COMPLETE:
            queue.remove(message)
        case Outcome.ABANDON:
            queue.totals.abandoned += 1
            queue.fail(message)
        case Outcome.DEFER:
            message.state = State.DEFERRED
            queue.shelf.changed(message)
        case Outcome.DEAD_LETTER:
            queue.dead_letter(message, settlement.reason, settlement.description)
        case Outcome.RELEASE:
            queue.put_back(message)
