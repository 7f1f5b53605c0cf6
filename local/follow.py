"""After convergence: tell of each change as it becomes visible, for as long as somebody watches."""

import asyncio
import time
from collections.abc import Callable, Iterator

from local.answers import BundleStatus, Status
from local.api import Api
from local.errors import NotConverged, Refused
from local.graph import Simulator

_POLL_S = 0.5
_SUBSCRIBED_WITHIN_S = 30.0


async def subscribe(api: Api, graph: Simulator) -> None:
    """Have the host subscribe to change notifications, and wait until it has.

    Raises:
        NotConverged: it has not, after half a minute.
    """
    await api.fire("renew_watches")
    deadline = time.monotonic() + _SUBSCRIBED_WITHIN_S
    while not await graph.subscriptions():
        if time.monotonic() > deadline:
            raise NotConverged(
                f"the host has not subscribed to change notifications after "
                f"{_SUBSCRIBED_WITHIN_S:g} s; its log tells why"
            )
        await asyncio.sleep(_POLL_S)


async def follow(api: Api, seen: Status, say: Callable[[str], None]) -> None:
    """Say one line for each bundle whose numbers move, and one when the host's answer is an error.

    Ends only when cancelled: while somebody tries things out, one failed answer is no reason to.
    """
    complaint = ""
    while True:
        await asyncio.sleep(_POLL_S)
        try:
            latest = await api.status()
        except Refused as error:
            if str(error) != complaint:
                complaint = str(error)
                say(complaint)
            continue
        for line in movements(seen, latest):
            say(line)
        seen, complaint = latest, ""


def movements(before: Status, after: Status) -> Iterator[str]:
    """Return a line for each bundle where something was granted, revoked, held or failed since."""
    earlier = {bundle.id: bundle for bundle in before.bundles}
    for bundle in after.bundles:
        moved = list(_moved(earlier.get(bundle.id), bundle))
        if moved:
            why = f" ({bundle.reason})" if bundle.reason and bundle.held else ""
            yield f"{bundle.id}: {', '.join(moved)}{why}"


def _moved(before: BundleStatus | None, after: BundleStatus) -> Iterator[str]:
    for count in ("granted", "revoked", "waiting", "held", "failed"):
        now: int = getattr(after, count)
        more = now - (getattr(before, count) if before else 0)
        if more > 0:
            yield f"{more:,} {count}"
        elif more < 0 and count in ("waiting", "held", "failed"):
            yield f"{-more:,} no longer {count}"
