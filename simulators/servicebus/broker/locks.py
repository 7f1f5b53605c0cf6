"""Locks on messages, and the line of messages that have none and may be handed out."""

import heapq
import uuid
from dataclasses import dataclass, field

from simulators.servicebus.broker.message import Message


@dataclass(slots=True, eq=False)
class Lock:
    """A receiver's hold on one message until a moment, in milliseconds since the epoch."""

    message: Message
    until: int
    token: uuid.UUID = field(default_factory=uuid.uuid4)


class Locks:
    """The locks a holder has, in the order in which they run out.

    The order needs no sorting: all last equally long, and a renewed one goes to the end.
    """

    def __init__(self) -> None:
        self._held: dict[uuid.UUID, Lock] = {}

    def grant(self, message: Message, until: int) -> Lock:
        """Lock the message."""
        lock = message.lock = Lock(message, until)
        self._held[lock.token] = lock
        return lock

    def find(self, token: uuid.UUID) -> Lock | None:
        """Return the lock with this token."""
        return self._held.get(token)

    def renew(self, lock: Lock, until: int) -> None:
        """Let a held lock last until then."""
        lock.until = until
        self._held[lock.token] = self._held.pop(lock.token)

    def end(self, lock: Lock) -> Message:
        """End a held lock and return its message."""
        del self._held[lock.token]
        lock.message.lock = None
        return lock.message

    def first(self) -> Lock | None:
        """Return the lock that runs out first."""
        return next(iter(self._held.values()), None)

    def end_until(self, moment: int) -> list[Message]:
        """End the locks that run out by then and return their messages."""
        ended = []
        while (lock := self.first()) is not None and lock.until <= moment:
            ended.append(self.end(lock))
        return ended


class ReadyLine:
    """Messages that wait for a receiver, lowest sequence number first.

    An entry may have gone stale (its message expired, for one); stale ones are passed over.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[int, Message]] = []

    def add(self, message: Message) -> None:
        """Put the message in its place in the line."""
        heapq.heappush(self._heap, (message.sequence, message))

    def __bool__(self) -> bool:
        while self._heap and not self._heap[0][1].is_ready():
            heapq.heappop(self._heap)
        return bool(self._heap)

    def take(self) -> Message:
        """Take the first message out of the line, which must not be empty."""
        return heapq.heappop(self._heap)[1]
