"""Notified: turn Graph's change notifications into hints, fast, and look after the watches."""

from domain.jobs.watch import rewatch
from domain.notification import read_notifications
from domain.ports import Hint, Ports

BATCH = 50
"""People per hint message."""


async def notified(ports: Ports, body: bytes, run: str) -> None:
    """Queue hints for what a body of notifications names; what is not ours changes nothing.

    Args:
        run: the id of the run that is queued when a group itself changed.

    Raises:
        Never: the body is not a body of notifications.
        Later: the queue cannot take the hints; Graph will send the notifications again.
    """
    seen = read_notifications(body, await ports.watches.known())
    if seen.rejected:
        ports.log.note("notification.rejected", items=seen.rejected)
    people = seen.people
    hints = [Hint(people[start : start + BATCH]) for start in range(0, len(people), BATCH)]
    if seen.groups and await _matter(ports, seen.groups):
        hints.append(Hint(run=run))
    if hints:
        await ports.queue.send_hints(hints, ports.clock.now())
        ports.log.note("notification.taken", people=len(people), groups=len(seen.groups))


async def lifecycle(ports: Ports, body: bytes, run: str) -> None:
    """Follow Graph's lifecycle notifications: renew, subscribe anew, or read what was missed.

    Raises:
        Never: the body is not a body of notifications.
        Later: Graph or the queue cannot be reached now.
    """
    seen = read_notifications(body, await ports.watches.known())
    if seen.rejected:
        ports.log.note("notification.rejected", items=seen.rejected)
    if not seen.lifecycle:
        return
    await rewatch(ports, {watch for watch, event in seen.lifecycle if event != "missed"})
    if any(event != "reauthorizationRequired" for _, event in seen.lifecycle):
        await ports.queue.send_hints([Hint(run=run)], ports.clock.now())


async def _matter(ports: Ports, groups: tuple[str, ...]) -> bool:
    """Tell whether any bundle reads or writes one of these groups."""
    used = {group for stored in await ports.bundles.all() for group in stored.bundle.groups()}
    return not used.isdisjoint(groups)
