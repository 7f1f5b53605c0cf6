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

_NO_ADDRESS = "Graph cannot notify an app without an address.", "Set PUBLIC_URL."


class Subscriptions(Protocol):
    """Change subscriptions at Graph."""

    reachable: bool
    """Whether Graph has a way to reach us."""

    async def existing(self) -> Mapping[str, datetime]:
        """Return the subscriptions Graph has that notify us: id -> when each expires."""
        ...

    async def create(
        self, resource: str, client_state: str, expires: datetime, /, *, created: bool
    ) -> tuple[str, datetime]:
        """Subscribe; return the subscription's id and when it expires."""
        ...

    async def renew(self, subscription: str, expires: datetime, /) -> datetime:
        """Move the expiry; return the one Graph granted."""
        ...

    async def delete(self, subscription: str, /) -> None:
        """End a subscription; one that is gone already is as well."""
        ...


class NoSubscriptions:
    """Stands for Graph where it has no way to reach us: nothing is subscribed to."""

    reachable = False

    async def existing(self) -> Mapping[str, datetime]:
        """Return nothing."""
        return {}

    async def create(
        self, resource: str, client_state: str, expires: datetime, /, *, created: bool
    ) -> tuple[str, datetime]:
        """Refuse.

        Raises:
            Never: always.
        """
        raise Never(*_NO_ADDRESS)

    async def renew(self, subscription: str, expires: datetime, /) -> datetime:
        """Refuse.

        Raises:
            Never: always.
        """
        raise Never(*_NO_ADDRESS)

    async def delete(self, subscription: str, /) -> None:
        """Do nothing: there is none."""


class StoredWatches:
    """The Watches port.

    `tenant` is the one all notifications must be about; any, where it is empty.
    """

    def __init__(
        self, records: WatchRecords, subscriptions: Subscriptions, tenant: str = ""
    ) -> None:
        self._records = records
        self._subscriptions = subscriptions
        self._tenant = tenant

    async def possible(self) -> bool:
        """Tell whether Graph has a way to reach us at all."""
        return self._subscriptions.reachable

    async def known(self) -> list[Watch]:
        """Return the watches we made, without their secrets; those replaced of late, too."""
        return [replace(watch, tenant=self._tenant) for watch in await self._records.all()]

    async def existing(self) -> Mapping[str, datetime]:
        """Return the subscriptions Graph has that notify us: id -> when each expires."""
        return await self._subscriptions.existing()

    async def create(
        self, resource: str, expires: datetime, now: datetime, *, created: bool = False
    ) -> Watch:
        """Subscribe to a resource with a fresh secret that Graph will repeat to us.

        A crash between the two writes leaves a subscription that nobody knows; its notifications
        are refused, and it is dropped when somebody looks after the watches.

        Raises:
            Never: Graph could not reach the notification URL, or refuses for another reason.
        """
        # Graph takes 128 characters of clientState at most (Graph docs: resources/subscription).
        secret = secrets.token_urlsafe(48)
        id, granted = await self._subscriptions.create(resource, secret, expires, created=created)
        kept = hashlib.sha256(secret.encode()).hexdigest()
        watch = Watch(id, resource, granted, kept, now, created, tenant=self._tenant)
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

    async def retire(self, watch: Watch, until: datetime) -> None:
        """End a subscription, and know its secret until a moment, for what Graph sends again."""
        await self._records.keep(replace(watch, until=until))
        await self._subscriptions.delete(watch.id)

    async def forget(self, watch: Watch) -> None:
        """Forget a subscription that Graph no longer has."""
        await self._records.remove(watch)

    async def drop(self, subscription: str) -> None:
        """End a subscription whose secret nobody knows."""
        await self._subscriptions.delete(subscription)
