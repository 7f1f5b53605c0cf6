"""Watches in memory, with the subscriptions that Graph would have."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain.errors import Later
from domain.records import Watch
from tests.fakes.faults import Faulty, can_fail


class FakeWatches(Faulty):
    """The Watches port in memory; `subscriptions` are those at Graph: id -> expiry."""

    def __init__(self) -> None:
        super().__init__()
        self.subscriptions: dict[str, datetime] = {}
        self.secrets: dict[str, str] = {}
        self.reachable = True
        self.tenant = ""
        self._known: dict[str, Watch] = {}

    def records(self) -> list[Watch]:
        """Return everything that is known of watches."""
        return list(self._known.values())

    async def possible(self) -> bool:
        return self.reachable

    @can_fail
    async def known(self) -> list[Watch]:
        return [self._known[watch] for watch in sorted(self._known)]

    @can_fail
    async def existing(self) -> Mapping[str, datetime]:
        return dict(self.subscriptions)

    @can_fail
    async def create(
        self, resource: str, expires: datetime, now: datetime, *, created: bool = False
    ) -> Watch:
        number = len(self.secrets) + 1
        id, secret = f"subscription-{number}", f"secret-{number}"
        kept = hashlib.sha256(secret.encode()).hexdigest()
        watch = Watch(id, resource, expires, kept, now, created, tenant=self.tenant)
        self.subscriptions[id] = expires
        self.secrets[id] = secret
        self._known[id] = watch
        return watch

    @can_fail
    async def renew(self, watch: Watch, expires: datetime) -> Watch:
        if watch.id not in self.subscriptions:
            raise Later(f"Graph no longer has subscription {watch.id}.")
        self.subscriptions[watch.id] = expires
        self._known[watch.id] = replace(watch, expires=expires)
        return self._known[watch.id]

    @can_fail
    async def retire(self, watch: Watch, until: datetime) -> None:
        self._known[watch.id] = replace(watch, until=until)
        self.subscriptions.pop(watch.id, None)

    @can_fail
    async def forget(self, watch: Watch) -> None:
        self._known.pop(watch.id, None)

    @can_fail
    async def drop(self, subscription: str) -> None:
        self.subscriptions.pop(subscription, None)
