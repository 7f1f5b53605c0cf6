"""One queue: what is sent to it, what becomes of a delivery, what time does to its messages."""

import uuid
from dataclasses import dataclass

from simulators.servicebus.broker.clock import NEVER, Clock
from simulators.servicebus.broker.competing import CompetingDelivery
from simulators.servicebus.broker.consumer import Consumer
from simulators.servicebus.broker.delivery import Delivery, SessionRequest
from simulators.servicebus.broker.duplicates import SeenIds
from simulators.servicebus.broker.errors import not_allowed
from simulators.servicebus.broker.journal import Journal, Remembered
from simulators.servicebus.broker.message import Message, State
from simulators.servicebus.broker.message_format import write_delivery
from simulators.servicebus.broker.sessions import SessionDelivery
from simulators.servicebus.broker.settings import QueueSettings
from simulators.servicebus.broker.shelf import Shelf


@dataclass(slots=True)
class Totals:
    """What has happened to a queue since the simulator started."""

    sent: int = 0
    duplicates: int = 0
    completed: int = 0
    abandoned: int = 0
    locks_expired: int = 0
    dead_lettered: int = 0
    expired: int = 0


class Queue:
    """A queue. `stirred` says that there may be something to hand out since the last dispatch."""

    def __init__(
        self,
        settings: QueueSettings,
        clock: Clock,
        journal: Journal,
        dead_letters: "Queue | None" = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.dead_letters = dead_letters
        self.totals = Totals()
        self.stirred = False
        self.shelf = Shelf(settings.name, journal)
        self.sessions = (
            SessionDelivery(settings.name, settings.lock_duration, journal)
            if settings.requires_session
            else None
        )
        self.delivery: Delivery = self.sessions or CompetingDelivery(settings.lock_duration)
        window = settings.duplicate_window
        self.seen = SeenIds(settings.name, window, journal) if window else None

    def restore(self, remembered: Remembered) -> None:
        """Take up what was there before a restart; nothing is locked."""
        self.shelf.restore(remembered.next_sequence, remembered.messages)
        if self.sessions is not None:
            self.sessions.restore(remembered.sessions, self.clock.now())
        if self.seen is not None:
            self.seen.restore(remembered.seen)
        for message in self.shelf:
            if message.is_ready():
                self._offer(message)

    # senders

    def send(self, messages: list[Message]) -> list[int]:
        """Take all messages or none; return their sequence numbers.

        A duplicate is accepted and dropped; its number is one that no message has.
        """
        if self.settings.requires_session and any(m.session_id is None for m in messages):
            raise not_allowed(
                "The SessionId was not set on a message, and it cannot be sent to the entity. "
                "Entities that have session support enabled can only receive messages that have "
                "the SessionId set to a valid value."
            )
        return [self._accept(message) for message in messages]

    def _accept(self, message: Message) -> int:
        now = self.clock.now()
        if self.seen is not None and not self.seen.admit(message.message_id, now):
            self.totals.duplicates += 1
            return self.shelf.number()
        self.totals.sent += 1
        if message.scheduled_for is not None and message.scheduled_for > now:
            message.state, message.enqueued_at = State.SCHEDULED, now
            self.shelf.put(message)
        else:
            self._enqueue(message)
        return message.sequence

    def _enqueue(self, message: Message) -> None:
        """Put an active message at the end of the queue."""
        ttl = min(message.ttl or NEVER, self.settings.default_ttl or NEVER)
        now = self.clock.now()
        message.state, message.enqueued_at = State.ACTIVE, now
        message.expires_at = NEVER if self.settings.is_dead_letter else min(now + ttl, NEVER)
        self.shelf.put(message)
        self._offer(message)

    def _offer(self, message: Message) -> None:
        self.delivery.add(message)
        self.stirred = True

    # receivers

    def attach(self, consumer: Consumer, request: SessionRequest | None) -> None:
        """Add a receiver, which asks for a session or for none."""
        self.delivery.attach(consumer, request, self.clock.now())
        self.stirred = True

    def detach(self, consumer: Consumer) -> None:
        """Remove a receiver; what it gives back counts no delivery."""
        for message in self.delivery.detach(consumer):
            self.put_back(message)
        self.stirred = True

    def dispatch(self) -> None:
        """Hand out what can be handed out."""
        self.stirred = False
        now = self.clock.now()
        for consumer, message in self.delivery.handouts(now):
            consumer.credit -= 1
            if consumer.removes:
                self.remove(message)
                consumer.deliver(write_delivery(message), uuid.uuid4().bytes_le, settled=True)
            else:
                lock = self.delivery.lock(message, now)
                payload = write_delivery(message, lock.until)
                consumer.deliver(payload, lock.token.bytes_le, settled=False)

    # what becomes of a delivery

    def remove(self, message: Message) -> None:
        """The message is done."""
        self.totals.completed += 1
        self.shelf.remove(message)

    def put_back(self, message: Message) -> None:
        """Return an unlocked message to where it was: deferred, or in line at its old place."""
        if message.state is State.DEFERRED:
            return
        if message.expires_at <= self.clock.now():
            self._expire(message)
        else:
            self._offer(message)

    def fail(self, message: Message) -> None:
        """A delivery failed: count it, and dead-letter the message at the limit."""
        message.delivery_count += 1
        limit = self.settings.max_delivery_count
        if limit is not None and message.delivery_count >= limit:
            self.dead_letter(
                message,
                "MaxDeliveryCountExceeded",
                f"Message could not be consumed after {limit} delivery attempts.",
            )
            return
        self.shelf.changed(message)
        self.put_back(message)

    def dead_letter(self, message: Message, reason: str | None, description: str | None) -> None:
        """Move the message to the dead-letter queue under a number of its own."""
        if self.dead_letters is None:
            raise not_allowed("A message in a dead-letter queue cannot be dead-lettered.")
        message.annotate({"DeadLetterReason": reason, "DeadLetterErrorDescription": description})
        self.totals.dead_lettered += 1
        self.shelf.remove(message)
        message.gone = False
        self.dead_letters._enqueue(message)

    # time

    def run_due(self) -> None:
        """Do what the clock asks for: activate, expire, take back what was held too long."""
        now = self.clock.now()
        for message in self.shelf.take_scheduled(now):
            message.enqueued_sequence = message.sequence
            self._enqueue(message)
        for message in self.delivery.expire(now):
            self._lock_ran_out(message)
        for message in list(self.shelf.expired(now)):
            self._expire(message)

    def expire_locks(self) -> None:
        """End every lock now, as if it had run out."""
        for message in self.delivery.expire_all():
            self._lock_ran_out(message)

    def next_due(self) -> int:
        """Return when `run_due` has something to do, in milliseconds since the epoch."""
        return min(self.shelf.next_moment(), self.delivery.next_expiry())

    def _lock_ran_out(self, message: Message) -> None:
        self.totals.locks_expired += 1
        self.fail(message)

    def _expire(self, message: Message) -> None:
        self.totals.expired += 1
        if self.settings.dead_letters_expired and self.dead_letters is not None:
            self.dead_letter(
                message, "TTLExpiredException", "The message expired and was dead lettered."
            )
        else:
            self.shelf.remove(message)
