"""Our change subscriptions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from domain.records import Watch


class Watches(Protocol):
    """Our change subscriptions: at Graph, and what we remember of them."""

    async def known(self) -> list[Watch]:
        """Return the watches we made, without their secrets."""
        ...

    async def existing(self) -> Mapping[str, datetime]:
        """Return the subscriptions Graph has for us: id -> when each expires."""
        ...

    async def create(self, resource: str, expires: datetime) -> Watch:
        """Subscribe to a resource with a fresh secret that Graph will repeat to us.

        Raises:
            Never: Graph could not reach the notification URL, or refuses for another reason.
        """
        ...

    async def renew(self, watch: Watch, expires: datetime) -> Watch:
        """Move the expiry of a subscription."""
        ...

    async def forget(self, watch: Watch) -> None:
        """Forget a subscription that Graph no longer has."""
        ...
