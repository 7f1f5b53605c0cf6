"""Cut a plan into pages: what travels as one message and is applied in one Graph $batch."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import batched

from domain.change import Action, Change
from domain.ledger import CAME_TO_NOTHING, Page, Row, State
from domain.outcome import LicenseError
from domain.plan import Plan

SIZES = {Action.GRANT: 80, Action.REVOKE: 20}
"""Changes per page. Grants: four PATCH requests of 20 members; revokes: 20 DELETE requests. Either
fits one $batch, and its rows one table transaction (Graph docs: json-batching)."""


def pages_of(
    plan: Plan,
    generation: int,
    stored: str,
    run: str,
    rests_on: datetime,
    now: datetime,
    trace: str = "",
) -> list[Page]:
    """Return the plan's pages: what is urgent first, then revokes before grants.

    Args:
        stored: the id under which the plan is kept.
        rests_on: see `Row.rests_on`.
        trace: see `Page.trace`.
    """
    return [
        Page(
            id=f"{plan.bundle}.{generation}.{number}",
            bundle=plan.bundle,
            target=plan.target,
            generation=generation,
            plan=stored,
            run=run,
            changes=changes,
            rests_on=rests_on,
            written_at=now,
            due_at=now,
            urgent=changes[0].urgent,
            fingerprint=plan.fingerprint,
            trace=trace,
        )
        for number, changes in enumerate(_slices(plan.changes))
    ]


def row_of(
    page: Page,
    change: Change,
    state: State,
    detail: str,
    now: datetime,
    error: LicenseError | None = None,
) -> Row:
    """Return the ledger row of one change of a page as it now stands."""
    waited = change.since or page.written_at.isoformat(timespec="seconds")
    return Row(
        bundle=page.bundle,
        person=change.person,
        action=change.action,
        state=state,
        reason=change.reason,
        detail=detail,
        generation=page.generation,
        plan=page.plan,
        run=page.run,
        rests_on=page.rests_on,
        managed=_managed(change, state),
        updated_at=now,
        tries=change.tries + 1 if state in CAME_TO_NOTHING else 0,
        error=error,
        since=waited if state is State.WAITING else "",
    )


def open_rows(page: Page) -> dict[str, Row]:
    """Return how the changes stand that have not ended, by person."""
    pending = {change.person for change in page.pending()}
    return {
        change.person: row_of(page, change, *_on_the_way(change.person in pending), page.due_at)
        for change in page.open()
    }


def unseen_since(page: Page) -> datetime | None:
    """Return since when a page has changes that are carried out and not seen; None without any.

    Where a page was tried more than once, or Entra asked again to look, that is when it was
    decided: no later try makes the wait look shorter.
    """
    if not page.unconfirmed():
        return None
    return page.written_at if page.attempt or page.pending() else page.due_at


def _on_the_way(pending: bool) -> tuple[State, str]:
    if pending:
        return State.DECIDED, "on its way"
    return State.APPLIED, "carried out; the license is not seen yet"


def _managed(change: Change, state: State) -> bool | None:
    """A grant that failed may have been written, so she counts as put in by us.

    A refused one was not written, which leaves her what she was: she may still be inside, as ours,
    when it was to take back a revoke. After a revoke she is ours until it is seen to have taken
    effect.
    """
    if change.inside:
        return None
    if change.action is Action.GRANT:
        return None if state is State.REFUSED else True
    if state is State.CONFIRMED:
        return False
    return True if change.ours else None


def _slices(changes: Sequence[Change]) -> Iterator[tuple[Change, ...]]:
    """Yield what fits one page, of one kind and one urgency; what is urgent comes first."""
    for urgent in (True, False):
        for action in (Action.REVOKE, Action.GRANT):
            chosen = [one for one in changes if one.action is action and one.urgent is urgent]
            yield from batched(chosen, SIZES[action], strict=False)
