"""After convergence: tell of each change as it becomes visible, for as long as somebody watches."""

import asyncio
from collections.abc import Callable, Iterator

from local.api import Api, BundleStatus, Status

_POLL_S = 0.5


async def follow(api: Api, seen: Status, say: Callable[[str], None]) -> None:
    """Say one line for each bundle whose numbers move; ends only when cancelled."""
    while True:
        await asyncio.sleep(_POLL_S)
        latest = await api.status()
        for line in movements(seen, latest):
            say(line)
        seen = latest


def movements(before: Status, after: Status) -> Iterator[str]:
    """Return a line for each bundle where something was granted, revoked, held or failed since."""
    earlier = {bundle.id: bundle for bundle in before.bundles}
    for bundle in after.bundles:
        moved = list(_moved(earlier.get(bundle.id), bundle))
        if moved:
            yield f"{bundle.name}: {', '.join(moved)}"


def _moved(before: BundleStatus | None, after: BundleStatus) -> Iterator[str]:
    for count in ("granted", "revoked", "waiting", "held", "failed"):
        now: int = getattr(after, count)
        more = now - (getattr(before, count) if before else 0)
        if more > 0:
            yield f"{more:,} {count}"
        elif more < 0 and count in ("waiting", "held", "failed"):
            yield f"{-more:,} no longer {count}"
