"""Watch: keep the Graph change subscriptions alive, and their secrets young."""

from collections.abc import Mapping, Set
from datetime import datetime, timedelta

from domain.errors import SeatflowError
from domain.jobs.work import work
from domain.ports import Ports
from domain.records import Watch
from domain.telemetry.work import Work

RESOURCES = ("users", "groups")

LIFETIME = timedelta(minutes=41_000)
"""Graph allows 41,760 minutes for directory objects (Graph docs: resources/subscription)."""

RENEW_BEFORE = timedelta(days=14)

SECRET_FOR = timedelta(days=14)
"""How old a secret becomes, however often Graph had its subscription renewed meanwhile."""

REPEATED_FOR = timedelta(hours=5)
"""Graph tries a notification again for four hours (docs: change-notifications-delivery-webhooks),
so for longer than that the secret of a watch that was replaced is still taken."""

_YOUNG = LIFETIME - timedelta(minutes=10)


async def renew_watches(ports: Ports) -> None:
    """Create the watches that are missing, and replace those that are half through their time."""
    await rewatch(ports, frozenset())


@work(Work.WATCH)
async def rewatch(ports: Ports, due: Set[str]) -> None:
    """Create, renew, replace or forget watches so that each resource is watched once.

    Args:
        due: subscriptions to renew whatever time they have left.

    Raises:
        Never: Graph refuses, for one because it cannot reach the notification URL.
        Later: Graph or the storage cannot answer now.
    """
    if not await ports.watches.possible():
        ports.log.note("watch.none", reason="PUBLIC_URL is not set, so Graph cannot notify us.")
        return
    now = ports.clock.now()
    alive = await _sort_out(ports, now)
    for resource in RESOURCES:
        watch = alive.get(resource)
        if watch is None:
            created = await ports.watches.create(resource, now + LIFETIME, now)
            ports.log.note("watch.created", watch=created.id, resource=resource)
        elif _is_old(watch, now):
            await _replace(ports, watch, now)
        elif watch.id in due:
            await _renew(ports, watch, now)


async def _sort_out(ports: Ports, now: datetime) -> dict[str, Watch]:
    """Return the one living watch of each resource, and be rid of all others."""
    existing = await ports.watches.existing()
    known = await ports.watches.known()
    alive: dict[str, Watch] = {}
    for watch in known:
        if watch.until is not None:
            await _be_rid(ports, watch, existing, now)
        elif watch.id not in existing:
            await ports.watches.forget(watch)
            ports.log.note("watch.gone", watch=watch.id, resource=watch.resource)
        elif watch.resource in alive:
            await ports.watches.retire(watch, now + REPEATED_FOR)
        else:
            alive[watch.resource] = watch
    for subscription in existing.keys() - {watch.id for watch in known}:
        # One that was made a moment ago may be about to be written down.
        if existing[subscription] < now + _YOUNG:
            await ports.watches.drop(subscription)
    return alive


async def _be_rid(
    ports: Ports, watch: Watch, existing: Mapping[str, datetime], now: datetime
) -> None:
    if watch.id in existing:
        await ports.watches.drop(watch.id)  # whoever replaced it got no further
    if watch.until is not None and watch.until <= now:
        await ports.watches.forget(watch)


def _is_old(watch: Watch, now: datetime) -> bool:
    old = watch.since is None or now - watch.since >= SECRET_FOR
    return old or watch.expires - now < RENEW_BEFORE


async def _replace(ports: Ports, watch: Watch, now: datetime) -> None:
    """Replace a watch by one with a fresh secret, which Graph lets nobody change; make first.

    Graph has one subscription of a kind, so the new one is of the other kind.
    """
    try:
        made = await ports.watches.create(
            watch.resource, now + LIFETIME, now, created=not watch.created
        )
    except SeatflowError as error:
        ports.log.note("watch.not_replaced", watch=watch.id, reason=str(error))
        await _renew(ports, watch, now)
        return
    await ports.watches.retire(watch, now + REPEATED_FOR)
    ports.log.note("watch.replaced", watch=watch.id, by=made.id, resource=watch.resource)


async def _renew(ports: Ports, watch: Watch, now: datetime) -> None:
    await ports.watches.renew(watch, now + LIFETIME)
    ports.log.note("watch.renewed", watch=watch.id, resource=watch.resource)
