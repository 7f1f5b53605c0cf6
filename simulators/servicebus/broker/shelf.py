"""The messages of one queue by sequence number, and the moments at which one of them must move."""

from collections.abc import Iterator
from itertools import count

from simulators.servicebus.broker.clock import NEVER, Deadlines
from simulators.servicebus.broker.journal import Journal
from simulators.servicebus.broker.message import Message, State


class Shelf:
    """Numbers messages as they come, keeps them, and tells the journal of every lasting change."""

    def __init__(self, queue: str, journal: Journal) -> None:
        self._queue = queue
        self._journal = journal
        self._numbers = count(1)
        self._messages: dict[int, Message] = {}
        self._scheduled = Deadlines(self._messages, self.__len__)
        self._expiring = Deadlines(self._messages, self.__len__)

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages.values())

    def restore(self, next_sequence: int, messages: list[Message]) -> None:
        """Take up what was there before a restart."""
        self._numbers = count(next_sequence)
        for message in sorted(messages, key=lambda message: message.sequence):
            self._messages[message.sequence] = message
            self._watch(message)

    def number(self) -> int:
        """Return a new sequence number."""
        number = next(self._numbers)
        self._journal.keep_next_sequence(self._queue, number + 1)
        return number

    def put(self, message: Message) -> None:
        """Add a message under a new sequence number."""
        message.sequence = self.number()
        self._messages[message.sequence] = message
        self._watch(message)
        self.changed(message)

    def _watch(self, message: Message) -> None:
        if message.state is State.SCHEDULED:
            self._scheduled.add(message.scheduled_for or 0, message.sequence)
        elif message.expires_at < NEVER:
            self._expiring.add(message.expires_at, message.sequence)

    def changed(self, message: Message) -> None:
        """Note that something lasting about the message has changed."""
        self._journal.keep_message(self._queue, message)

    def remove(self, message: Message) -> None:
        """Take the message away for good."""
        del self._messages[message.sequence]
        message.gone = True
        self._journal.drop_message(self._queue, message.sequence)

    def find(self, sequence: int) -> Message | None:
        """Return the message with this sequence number."""
        return self._messages.get(sequence)

    def take_scheduled(self, now: int) -> Iterator[Message]:
        """Take away and yield the scheduled messages whose time has come."""
        for sequence in self._scheduled.due(now):
            message = self.find(sequence)
            if message is not None and message.state is State.SCHEDULED:
                self.remove(message)
                message.gone = False
                yield message

    def expired(self, now: int) -> Iterator[Message]:
        """Yield the messages whose time to live has ended and that nobody holds."""
        for sequence in self._expiring.due(now):
            message = self.find(sequence)
            if message is not None and message.is_ready():
                yield message

    def next_moment(self) -> int:
        """Return when one of the messages must move."""
        return min(self._scheduled.next(), self._expiring.next())
