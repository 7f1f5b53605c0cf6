"""Confirm: close the changes whose effect is seen on the person's own licenses."""

from collections.abc import Mapping, Sequence

from domain.bundle import Bundle
from domain.confirmation import judge
from domain.errors import Conflict, SeatflowError
from domain.ledger import Page, Row
from domain.outcome import LicenseState
from domain.paging import row_of
from domain.ports import Ports


async def confirm(ports: Ports) -> None:
    """Look at everyone whose change was applied and not yet seen to have taken effect."""
    for stored in await ports.bundles.all():
        standing = await ports.ledger.standing(stored.bundle.id)
        waiting = [page for page in standing.pages if page.unconfirmed()]
        if not waiting:
            continue
        try:
            await _confirm(ports, stored.bundle, waiting)
        except SeatflowError as error:
            # One bundle that cannot be read now must not keep the others open.
            ports.log.note("confirm.failed", bundle=stored.bundle.id, reason=str(error))


async def _confirm(ports: Ports, bundle: Bundle, pages: Sequence[Page]) -> None:
    people = [change.person for page in pages for change in page.unconfirmed()]
    licenses = await ports.directory.licenses(bundle.target.group, people)
    for page in pages:
        rows = _judged(ports, bundle, page, licenses)
        if not rows:
            continue
        try:
            await ports.ledger.record(page.end(row.person for row in rows), rows)
        except Conflict:
            # Someone else moved the page on; the next look finds it as it then is.
            ports.log.note("confirm.conflict", bundle=bundle.id, page=page.id)


def _judged(
    ports: Ports,
    bundle: Bundle,
    page: Page,
    licenses: Mapping[str, tuple[LicenseState, ...] | None],
) -> list[Row]:
    now = ports.clock.now()
    rows = []
    for change in page.unconfirmed():
        verdict = judge(change, bundle, licenses[change.person], now - page.due_at)
        if verdict is not None:
            rows.append(row_of(page, change, verdict.state, verdict.detail, now))
    return rows
