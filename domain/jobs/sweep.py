"""Sweep: send again what was written to the ledger and never reached the queue, or got lost."""

from datetime import datetime, timedelta

from domain.errors import Conflict
from domain.jobs.hinting import send_hints
from domain.jobs.observe import observe
from domain.jobs.send import send_again
from domain.jobs.work import work
from domain.ledger import Page
from domain.ports import Hint, Ports
from domain.telemetry.work import Work

UNSENT_FOR = timedelta(minutes=1)
LOST_AFTER = timedelta(minutes=30)
"""A page that was sent and shows no progress for this long is sent once more; it may only be
waiting behind many others, so each further time comes later."""


NOTICES_FOR = timedelta(days=1)
"""By then every inventory has been compared with them, or there is none."""


@work(Work.SWEEP)
async def sweep(ports: Ports) -> int:
    """Send again what needs it; return how many pages that were. Sent twice does no harm."""
    now = ports.clock.now()
    noticed = await _sweep_notices(ports, now)
    count, standings = 0, []
    for stored in await ports.bundles.all():
        standing = await ports.ledger.standing(stored.bundle.id)
        standings.append(standing)
        for page in sorted(standing.pages, key=lambda one: one.generation):
            if _stranded(page, now):
                count += await _resend(ports, page)
    if count:
        ports.log.note("sweep.sent", pages=count)
    await observe(ports, standings, noticed)
    return count


async def _sweep_notices(ports: Ports, now: datetime) -> list[datetime]:
    """Have notices followed whose hint was lost, and forget the old ones; return what is open."""
    noticed = [notice.at for notice in await ports.notices.open()]
    if any(at < now - UNSENT_FOR for at in noticed):
        await send_hints(ports, [Hint(notices=True)], now)
    await ports.notices.forget(now - NOTICES_FOR)
    return noticed


def _stranded(page: Page, now: datetime) -> bool:
    if not page.pending():
        return False
    limit = LOST_AFTER * (1 + page.attempt) if page.sent else UNSENT_FOR
    return now - page.due_at > limit


async def _resend(ports: Ports, page: Page) -> bool:
    try:
        return await send_again(ports, page)
    except Conflict:
        return False
