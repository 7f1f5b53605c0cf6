"""Watch: keep the Graph change subscriptions alive."""

from collections.abc import Set
from datetime import timedelta

from domain.ports import Ports

RESOURCES = ("users", "groups")

LIFETIME = timedelta(minutes=41_000)
"""Graph allows 41,760 minutes for directory objects (Graph docs: resources/subscription)."""

RENEW_BEFORE = timedelta(days=14)


async def renew_watches(ports: Ports) -> None:
    """Create the watches that are missing and renew those that are half through their time."""
    await rewatch(ports, frozenset())


async def rewatch(ports: Ports, due: Set[str]) -> None:
    """Renew, create or forget watches so that each resource is watched.

    Args:
        due: subscriptions to renew whatever time they have left.

    Raises:
        Never: Graph refuses, for one because it cannot reach the notification URL.
        Later: Graph or the storage cannot answer now.
    """
    now = ports.clock.now()
    existing = await ports.watches.existing()
    alive = set()
    for watch in await ports.watches.known():
        if watch.id not in existing or watch.resource in alive:
            await ports.watches.forget(watch)
            continue
        alive.add(watch.resource)
        if watch.id in due or existing[watch.id] - now < RENEW_BEFORE:
            await ports.watches.renew(watch, now + LIFETIME)
            ports.log.note("watch.renewed", watch=watch.id, resource=watch.resource)
    for resource in RESOURCES:
        if resource not in alive:
            created = await ports.watches.create(resource, now + LIFETIME)
            ports.log.note("watch.created", watch=created.id, resource=resource)
