"""Delivery without sessions: receivers compete, each message is locked by itself."""

import uuid
from collections.abc import Iterator

from simulators.servicebus.broker.clock import NEVER
from simulators.servicebus.broker.consumer import Consumer
from simulators.servicebus.broker.delivery import SessionRequest
from simulators.servicebus.broker.errors import message_lock_lost, not_allowed
from simulators.servicebus.broker.locks import Lock, Locks, ReadyLine
from simulators.servicebus.broker.message import Message


class CompetingDelivery:
    """Receivers take turns; a lock outlives the receiver that got it until it runs out."""

    def __init__(self, lock_duration: int) -> None:
        self._lock_duration = lock_duration
        self._consumers: dict[Consumer, None] = {}
        self._line = ReadyLine()
        self._locks = Locks()

    def attach(self, consumer: Consumer, request: SessionRequest | None, now: int) -> None:
        """Add a receiver."""
        if request is not None:
            raise not_allowed(
                "A sessionful message receiver cannot be created on an entity that does not "
                "require sessions."
            )
        self._consumers[consumer] = None

    def detach(self, consumer: Consumer) -> list[Message]:
        """Remove a receiver; its locks stay."""
        self._consumers.pop(consumer, None)
        return []

    def add(self, message: Message) -> None:
        """The message may be handed out."""
        self._line.add(message)

    def handouts(self, now: int) -> Iterator[tuple[Consumer, Message]]:
        """Yield message by message, going round the receivers that have credit."""
        while self._line and (consumer := self._next_consumer()) is not None:
            yield consumer, self._line.take()

    def _next_consumer(self) -> Consumer | None:
        for consumer in self._consumers:
            if consumer.credit > 0:
                del self._consumers[consumer]
                self._consumers[consumer] = None
                return consumer
        return None

    def lock(self, message: Message, now: int) -> Lock:
        """Lock the message for one lock duration."""
        return self._locks.grant(message, now + self._lock_duration)

    def unlock(self, token: uuid.UUID, now: int) -> Message:
        """End a lock that still holds."""
        return self._locks.end(self._held(token, now))

    def renew(self, token: uuid.UUID, now: int) -> int:
        """Let a lock that still holds last another lock duration from now."""
        lock = self._held(token, now)
        self._locks.renew(lock, now + self._lock_duration)
        return lock.until

    def _held(self, token: uuid.UUID, now: int) -> Lock:
        lock = self._locks.find(token)
        if lock is None or lock.until <= now:
            raise message_lock_lost()
        return lock

    def expire(self, now: int) -> list[Message]:
        """End the locks that have run out."""
        return self._locks.end_until(now)

    def expire_all(self) -> list[Message]:
        """End every lock."""
        return self._locks.end_until(NEVER)

    def next_expiry(self) -> int:
        """Return when the next lock runs out."""
        lock = self._locks.first()
        return NEVER if lock is None else lock.until
