"""Cut a plan into pages: what travels as one message and is applied in one Graph $batch."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.change import Action, Change
from domain.ledger import Page, Row, State
from domain.plan import Plan

SIZES = {Action.GRANT: 80, Action.REVOKE: 20}
"""Changes per page. Grants: four PATCH requests of 20 members; revokes: 20 DELETE requests. Either
fits one $batch, and a page with its rows fits one table transaction (Graph docs: json-batching)."""


def pages_of(plan: Plan, generation: int, stored: str, run: str, now: datetime) -> list[Page]:
    """Return the plan's pages, revokes first.

    Args:
        stored: the id under which the plan is kept.
    """
    return [
        Page(
            id=f"{plan.bundle}.{generation}.{number}",
            bundle=plan.bundle,
            target=plan.target,
            generation=generation,
            plan=stored,
            run=run,
            changes=tuple(changes),
            written_at=now,
            due_at=now,
        )
        for number, changes in enumerate(_slices(plan.changes))
    ]


def decided(page: Page, now: datetime) -> list[Row]:
    """Return the ledger rows of a page that was just decided."""
    return [row_of(page, change, State.DECIDED, "on its way", now) for change in page.changes]


def row_of(
    page: Page,
    change: Change,
    state: State,
    detail: str,
    now: datetime,
    managed: bool | None = None,
) -> Row:
    """Return the ledger row of one change of a page as it now stands."""
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
        managed=managed,
        updated_at=now,
    )


def _slices(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    for action in (Action.REVOKE, Action.GRANT):
        chosen = [change for change in changes if change.action is action]
        size = SIZES[action]
        for start in range(0, len(chosen), size):
            yield chosen[start : start + size]
