"""The Watches port: subscriptions at Graph, and our records of them in Tables."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from adapters.tables.watch_records import WatchRecords
from domain.errors import Never
from domain.records import Watch


class Subscriptions(Protocol):
    """Change subscriptions at Graph."""

    async def existing(self) -> Mapping[str, datetime]:
        """Return the subscriptions Graph has for us: id -> when each expires."""
        ...

    async def create(
        self, resource: str, client_state: str, expires: datetime, /
    ) -> tuple[str, datetime]:
        """Subscribe; return the subscription's id and when it expires."""
        ...

    async def renew(self, subscription: str, expires: datetime, /) -> datetime:
        """Move the expiry; return the one Graph granted."""
        ...


class NoSubscriptions:
    """Stands for Graph where it has no way to reach us: nothing is subscribed to."""

    async def existing(self) -> Mapping[str, datetime]:
        """Return nothing."""
        return {}

    async def create(
        self, resource: str, client_state: str, expires: datetime, /
    ) -> tuple[str, datetime]:
        """Refuse.

        Raises:
            Never: always.
        """
        raise Never("Graph cannot notify an app without an address.", "Set PUBLIC_URL.")

    async def renew(self, subscription: str, expires: datetime, /) -> datetime:
        """Refuse.

        Raises:
            Never: always.
        """
        raise Never("Graph cannot notify an app without an address.", "Set PUBLIC_URL.")


class StoredWatches:
    """The Watches port."""

    def __init__(self, records: WatchRecords, subscriptions: Subscriptions) -> None:
        self._records = records
        self._subscriptions = subscriptions

    async def known(self) -> list[Watch]:
        """Return the watches we made, without their secrets."""
        return await self._records.all()

    async def existing(self) -> Mapping[str, datetime]:
        """Return the subscriptions Graph has for us: id -> when each expires."""
        return await self._subscriptions.existing()

    async def create(self, resource: str, expires: datetime) -> Watch:
        """Subscribe to a resource with a fresh secret that Graph will repeat to us.

        A crash between the two writes leaves a subscription that nobody knows; its notifications
        are refused, and it runs out.

        Raises:
            Never: Graph could not reach the notification URL, or refuses for another reason.
        """
        # Graph takes 128 characters of clientState at most (Graph docs: resources/subscription).
        secret = secrets.token_urlsafe(48)
        id, granted = await self._subscriptions.create(resource, secret, expires)
        watch = Watch(id, resource, granted, hashlib.sha256(secret.encode()).hexdigest())
        await self._records.keep(watch)
        return watch

    async def renew(self, watch: Watch, expires: datetime) -> Watch:
        """Move the expiry of a subscription.

        Raises:
            Later: Graph no longer has it; what exists must be looked up again.
        """
        renewed = replace(watch, expires=await self._subscriptions.renew(watch.id, expires))
        await self._records.keep(renewed)
        return renewed

    async def forget(self, watch: Watch) -> None:
        """Forget a subscription that Graph no longer has."""
        await self._records.remove(watch)
