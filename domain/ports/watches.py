"""Our change subscriptions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from domain.records import Watch


class Watches(Protocol):
    """Our change subscriptions: at Graph, and what we remember of them."""

    async def possible(self) -> bool:
        """Tell whether Graph has a way to reach us at all."""
        ...

    async def known(self) -> list[Watch]:
        """Return the watches we made, without their secrets; those replaced of late, too."""
        ...

    async def existing(self) -> Mapping[str, datetime]:
        """Return the subscriptions Graph has that notify us: id -> when each expires."""
        ...

    async def create(
        self, resource: str, expires: datetime, now: datetime, *, created: bool = False
    ) -> Watch:
        """Subscribe to a resource with a fresh secret that Graph will repeat to us.

        Args:
            resource: what to watch.
            expires: when it shall end.
            now: when its secret is made.
            created: whether to ask for creations, too: Graph has one subscription of each kind.

        Raises:
            Never: Graph could not reach the notification URL, or refuses for another reason.
        """
        ...

    async def renew(self, watch: Watch, expires: datetime) -> Watch:
        """Move the expiry of a subscription.

        Raises:
            Later: Graph no longer has it.
        """
        ...

    async def retire(self, watch: Watch, until: datetime) -> None:
        """End a subscription, and know its secret until a moment, for what Graph sends again."""
        ...

    async def forget(self, watch: Watch) -> None:
        """Forget a subscription that Graph no longer has."""
        ...

    async def drop(self, subscription: str) -> None:
        """End a subscription whose secret nobody knows."""
        ...
