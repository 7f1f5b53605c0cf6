"""Watches: how the change subscriptions stand, for people to read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ports import Ports
from domain.watching.notice import Notice
from domain.watching.trust import Reliance, reliance, resource_of

LATELY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """One change subscription."""

    id: str
    resource: str
    state: str
    """`alive`; `gone`: Graph does not have it, and it is made anew; `replaced`: what Graph still
    repeats of it is taken."""
    since: datetime | None
    """When its secret was made."""
    until: datetime
    """When it ends; of one that was replaced, how long its secret is still taken."""


@dataclass(frozen=True, slots=True)
class Watching:
    """How the change subscriptions stand, and how far they can be relied on."""

    possible: bool
    """Graph has a way to reach the app."""
    watches: tuple[WatchStatus, ...]
    last_told: dict[str, datetime]
    """users, groups -> when something was told last, within a day."""
    notifications: tuple[Reliance, ...]


async def watches(ports: Ports) -> Watching:
    """Gather how the watches stand now.

    Raises:
        Later: Graph or the storage cannot answer now.
    """
    now = ports.clock.now()
    known = await ports.watches.known()
    existing = await ports.watches.existing()
    shown = [
        WatchStatus(
            watch.id,
            watch.resource,
            "replaced" if watch.until else "alive" if watch.id in existing else "gone",
            watch.since,
            watch.until or existing.get(watch.id, watch.expires),
        )
        for watch in known
        if watch.until is None or watch.until > now
    ]
    return Watching(
        possible=await ports.watches.possible(),
        watches=tuple(sorted(shown, key=lambda one: (one.resource, one.until), reverse=True)),
        last_told=_last_told(await ports.notices.since(now - LATELY)),
        notifications=await notifications(ports),
    )


async def notifications(ports: Ports) -> tuple[Reliance, ...]:
    """Return how far notifications can be relied on, of each kind of object compared so far."""
    trust, now = await ports.notices.trust(), ports.clock.now()
    return tuple(reliance(trust, resource, now) for resource in sorted(trust.rounds, reverse=True))


def _last_told(notices: list[Notice]) -> dict[str, datetime]:
    latest = {resource_of(told): notice.at for notice in notices for told in notice.mentions}
    return {resource: at for resource, at in latest.items() if resource}
