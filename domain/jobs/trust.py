"""Trust: compare what an inventory found with what had been told, and act on it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from domain.errors import SeatflowError
from domain.jobs.hinting import send_hints
from domain.ports import Hint, Ports
from domain.telemetry.metrics import MISS_RATE, WEBHOOK_FOUND, WEBHOOK_MISSED
from domain.watching.trust import EARLIER, RESOURCES, Trust, compared

SOONER = 60
"""Seconds between inventories while notifications are mistrusted, whatever the timer says."""


async def measure(
    ports: Ports, taken_at: datetime, found: Mapping[str, Collection[str]] | None
) -> None:
    """Compare, keep and tell; where too much was missed, have an inventory taken sooner.

    Args:
        taken_at: when the inventory began.
        found: users, groups -> the ids of what changed; None when everything was read anew.
    """
    try:
        if not await ports.watches.possible():
            return
        trust = await _compare(ports, taken_at, found)
        mistrusted = trust.mistrusted(ports.clock.now())
        if mistrusted:
            await _sooner(ports, trust, mistrusted)
    except SeatflowError as error:
        # The inventory itself is whole and kept.
        ports.log.note("trust.unknown", reason=str(error))


async def _compare(
    ports: Ports, taken_at: datetime, found: Mapping[str, Collection[str]] | None
) -> Trust:
    before = await ports.notices.trust()
    made = [watch.since or taken_at for watch in await ports.watches.known()]
    if before.at and (not made or before.at < min(made)):
        found = None  # nobody was to tell us of all that
    since = (before.at or taken_at) - EARLIER
    trust = compared(before, found, await ports.notices.since(since), taken_at)
    await ports.notices.keep_trust(trust)
    if found is not None:
        _tell(ports, trust)
    for resource in RESOURCES if found is not None else ():
        for last in trust.rounds.get(resource, ())[-1:]:
            if last.found or last.told or last.missed or last.late:
                ports.log.note(
                    "trust.measured",
                    resource=resource,
                    found=last.found,
                    missed=last.missed,
                    late=last.late,
                    told=last.told,
                    repeated=last.repeated,
                )
    return trust


def _tell(ports: Ports, trust: Trust) -> None:
    now = ports.clock.now()
    for resource in RESOURCES:
        for last in trust.rounds.get(resource, ())[-1:]:
            ports.telemetry.measure(WEBHOOK_FOUND, last.found, resource=resource)
            ports.telemetry.measure(WEBHOOK_MISSED, last.missed, resource=resource)
        share = trust.share_missed(resource, now)
        ports.telemetry.measure(MISS_RATE, share, resource=resource)


async def _sooner(ports: Ports, trust: Trust, mistrusted: Collection[str]) -> None:
    now = ports.clock.now()
    for resource in mistrusted:
        missed = round(100 * trust.share_missed(resource, now), 1)
        ports.log.note("trust.low", resource=resource, missed_percent=missed, again_after=SOONER)
    moment = int(now.timestamp()) // SOONER
    due = datetime.fromtimestamp((moment + 1) * SOONER, now.tzinfo) + timedelta(seconds=1)
    await send_hints(ports, [Hint(run=f"sooner-{moment}", due=due)], now)
