"""The namespace: its queues by address, and the turn in which time passes and messages move."""

from collections.abc import Iterable, Iterator

from simulators.servicebus.broker.clock import NEVER, Clock
from simulators.servicebus.broker.errors import not_found
from simulators.servicebus.broker.journal import Journal, Remembered
from simulators.servicebus.broker.queue import Queue
from simulators.servicebus.broker.settings import QueueSettings


class Namespace:
    """All queues with their dead-letter queues, one clock and one journal."""

    def __init__(self, queues: Iterable[QueueSettings], clock: Clock, journal: Journal) -> None:
        self.clock = clock
        self.journal = journal
        self.queues: dict[str, Queue] = {}
        for settings in queues:
            dead_letters = Queue(settings.for_dead_letters(), clock, journal)
            self.queues[settings.name.lower()] = Queue(settings, clock, journal, dead_letters)

    def every_queue(self) -> Iterator[Queue]:
        """Yield each queue and then its dead-letter queue."""
        for queue in self.queues.values():
            yield queue
            if queue.dead_letters is not None:
                yield queue.dead_letters

    def restore(self, remembered: dict[str, Remembered]) -> None:
        """Take up what was there before a restart, by queue name."""
        for queue in self.every_queue():
            if queue.settings.name in remembered:
                queue.restore(remembered[queue.settings.name])

    def find(self, path: str) -> Queue:
        """Return the queue at a path such as `orders` or `orders/$DeadLetterQueue`, in any case.

        BrokerError when there is none.
        """
        name, _, sub_queue = path.lower().partition("/")
        queue = self.queues.get(name)
        if queue is not None and sub_queue == "$deadletterqueue":
            queue = queue.dead_letters
        elif sub_queue:
            queue = None
        if queue is None:
            raise not_found(path)
        return queue

    def run(self) -> float | None:
        """Do what is due and hand out messages; return seconds to the next moment, or None."""
        now = self.clock.now()
        for queue in self.every_queue():
            if queue.next_due() <= now:
                queue.run_due()
        while stirred := [queue for queue in self.every_queue() if queue.stirred]:
            for queue in stirred:
                queue.dispatch()
        next_due = min((queue.next_due() for queue in self.every_queue()), default=NEVER)
        return None if next_due == NEVER else max(next_due - self.clock.now(), 0) / 1000

    def advance(self, seconds: float) -> None:
        """Move the clock ahead; what becomes due is done by the next `run`."""
        self.clock.advance(seconds)
        self.journal.keep_clock(self.clock.ahead_ms)
