"""Delivery of notifications: in the background, at least once, unordered, sometimes never.

Graph docs, change-notifications-delivery-webhooks: 2xx within 3 s is delivered; anything else is
tried again with exponential back-off for 4 hours, with 10 s to answer.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field

import aiohttp
import orjson
from yarl import URL

from simulators.graph import background
from simulators.graph.changes import Moved
from simulators.graph.clock import Clock, wait_until
from simulators.graph.directory import Directory
from simulators.graph.notifications import lifecycle, notification
from simulators.graph.settings import Settings
from simulators.graph.subscriptions import Subscriptions
from simulators.graph.wire import JsonObject

LONGEST_PAUSE = 600
SUCCESS = range(200, 300)
REMEMBERED = 1_000


@dataclass(slots=True)
class Item:
    """One notification on its way."""

    due: float
    body: JsonObject
    first: float
    attempts: int = 0


@dataclass(slots=True)
class Outbox:
    """What waits for one address, and the task that delivers it."""

    items: list[Item] = field(default_factory=list)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Deliveries:
    """Counts since the last reset."""

    posts: int = 0
    delivered: int = 0
    failed: int = 0
    lost: int = 0
    given_up: int = 0
    answered: list[float] = field(default_factory=list)
    """Seconds that the latest POSTs took."""
    answers: dict[str, int] = field(default_factory=dict)
    """How many POSTs were answered how: the status, or `none` where none came in time."""


class Notifier:
    """Listens to the directory and tells the subscribers."""

    def __init__(
        self,
        directory: Directory,
        subscriptions: Subscriptions,
        settings: Settings,
        clock: Clock,
        rng: random.Random,
    ) -> None:
        self._directory = directory
        self._subscriptions = subscriptions
        self._settings = settings
        self._clock = clock
        self._rng = rng
        self._outboxes: dict[str, Outbox] = {}
        self._session: aiohttp.ClientSession | None = None
        self.counts = Deliveries()
        directory.listeners.append(self._heard)

    @property
    def session(self) -> aiohttp.ClientSession:
        """The HTTP client for calls to subscribers."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    @property
    def pending(self) -> int:
        """How many notifications are on their way."""
        return sum(len(outbox.items) for outbox in self._outboxes.values())

    async def close(self) -> None:
        """Stop delivering."""
        for outbox in self._outboxes.values():
            if outbox.task:
                outbox.task.cancel()
        if self._session:
            await self._session.close()

    def send_lifecycle(self, subscription: JsonObject, event: str) -> None:
        """Send a lifecycle event to where the subscription wants those."""
        address = subscription["lifecycleNotificationUrl"] or subscription["notificationUrl"]
        self._post(address, lifecycle(subscription, event, self._directory.organization["id"]))

    def _heard(self, moved: Moved) -> None:
        for subscription in self._subscriptions.of(moved):
            tenant_id = self._directory.organization["id"]
            body = notification(subscription, moved, tenant_id)
            if self._chance(self._settings.notification_loss):
                self.counts.lost += 1
                continue
            self._post(subscription["notificationUrl"], body)
            if self._chance(self._settings.notification_duplicates):
                self._post(subscription["notificationUrl"], body)

    def _post(self, address: str, body: JsonObject) -> None:
        now = self._clock.now()
        delay = self._settings.notification_delay
        if self._settings.notification_reorder:
            delay *= 3 * self._rng.random()
        outbox = self._outboxes.get(address)
        if outbox is None:
            outbox = self._outboxes[address] = Outbox()
            self._clock.wakes(outbox.wake)
        outbox.items.append(Item(now + delay, body, now))
        outbox.wake.set()
        if outbox.task is None or outbox.task.done():
            outbox.task = background.start(self._deliver(address, outbox))

    async def _deliver(self, address: str, outbox: Outbox) -> None:
        while outbox.items:
            soonest = min(item.due for item in outbox.items)
            if soonest > self._clock.now():
                await wait_until(self._clock, soonest, outbox.wake)
                continue
            await self._deliver_batch(address, outbox)

    async def _deliver_batch(self, address: str, outbox: Outbox) -> None:
        now = self._clock.now()
        batch = [item for item in outbox.items if item.due <= now]
        if self._settings.notification_reorder:
            self._rng.shuffle(batch)
        batch = batch[: self._settings.notification_batch]
        accepted = await self._call(address, batch)
        if accepted:
            self.counts.delivered += len(batch)
        else:
            self.counts.failed += len(batch)
        for item in batch:
            if accepted or self._give_up(item):
                outbox.items.remove(item)

    def _give_up(self, item: Item) -> bool:
        """Schedule the next attempt, or say that there is none."""
        now = self._clock.now()
        if now - item.first > self._settings.notification_retry_for:
            self.counts.given_up += 1
            return True
        pause = self._settings.notification_retry * 2**item.attempts
        item.due = now + min(pause, LONGEST_PAUSE)
        item.attempts += 1
        return False

    async def _call(self, address: str, batch: list[Item]) -> bool:
        settings = self._settings
        again = any(item.attempts for item in batch)
        limit = settings.notification_retry_timeout if again else settings.notification_timeout
        self.counts.posts += 1
        began = time.monotonic()
        try:
            async with self.session.post(
                URL(address, encoded=True),
                data=orjson.dumps({"value": [item.body for item in batch]}),
                headers={"Content-Type": "application/json; charset=utf-8"},
                timeout=aiohttp.ClientTimeout(total=limit),
            ) as answer:
                self._count(str(answer.status))
                return answer.status in SUCCESS
        except (aiohttp.ClientError, TimeoutError):
            self._count("none")
            return False
        finally:
            self.counts.answered = [
                *self.counts.answered[1 - REMEMBERED :],
                round(time.monotonic() - began, 4),
            ]

    def _count(self, answer: str) -> None:
        self.counts.answers[answer] = self.counts.answers.get(answer, 0) + 1

    def _chance(self, share: float) -> bool:
        return share > 0 and self._rng.random() < share
