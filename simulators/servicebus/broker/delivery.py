"""How a queue shares out its messages: the one thing that sessions change."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from simulators.servicebus.broker.consumer import Consumer
from simulators.servicebus.broker.locks import Lock
from simulators.servicebus.broker.message import Message


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A receiver's wish for a session: the named one, or the next available within `wait` ms."""

    session_id: str | None
    wait: int


class Delivery(Protocol):
    """Knows the receivers and the locks of one queue, and who gets the next message.

    Methods that end locks return the messages concerned; the queue decides what becomes of them.
    Times are milliseconds since the epoch.
    """

    def attach(self, consumer: Consumer, request: SessionRequest | None, now: int) -> None:
        """Add a receiver; BrokerError when the queue is not of its kind."""

    def detach(self, consumer: Consumer) -> list[Message]:
        """Remove a receiver; return the messages that are free at once."""

    def add(self, message: Message) -> None:
        """The message may be handed out."""

    def handouts(self, now: int) -> Iterator[tuple[Consumer, Message]]:
        """Yield who gets which message, while there are messages and credit."""

    def lock(self, message: Message, now: int) -> Lock:
        """Lock a message for whoever asked for it."""

    def unlock(self, token: uuid.UUID, now: int) -> Message:
        """End a lock; BrokerError when it is lost."""

    def renew(self, token: uuid.UUID, now: int) -> int:
        """Renew a message lock and return until when it holds; BrokerError when it is lost."""

    def expire(self, now: int) -> list[Message]:
        """End what has run out by now; return messages whose delivery failed by it."""

    def expire_all(self) -> list[Message]:
        """End every lock as if it had run out."""

    def next_expiry(self) -> int:
        """Return when `expire` has something to do, or NEVER."""
