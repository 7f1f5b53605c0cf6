"""Cut a plan into pages: what travels as one message and is applied in one Graph $batch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from domain.change import Action, Change
from domain.ledger import Page, Row, State
from domain.plan import Plan

SIZES = {Action.GRANT: 80, Action.REVOKE: 20}
"""Changes per page. Grants: four PATCH requests of 20 members; revokes: 20 DELETE requests. Either
fits one $batch (Graph docs: json-batching)."""

MOST_WRITES = 96
"""A page, its rows and the earlier pages they beat are one transaction; a table takes 100."""


def pages_of(
    plan: Plan,
    generation: int,
    stored: str,
    run: str,
    rests_on: datetime,
    now: datetime,
    open_pages: Iterable[Page] = (),
) -> list[Page]:
    """Return the plan's pages, revokes first.

    Args:
        stored: the id under which the plan is kept.
        rests_on: see `Row.rests_on`.
        open_pages: earlier pages, some of whose people the plan may be about.
    """
    earlier: dict[str, set[str]] = {}
    for page in open_pages:
        for change in page.open():
            earlier.setdefault(change.person, set()).add(page.id)
    return [
        Page(
            id=f"{plan.bundle}.{generation}.{number}",
            bundle=plan.bundle,
            target=plan.target,
            generation=generation,
            plan=stored,
            run=run,
            changes=tuple(changes),
            rests_on=rests_on,
            written_at=now,
            due_at=now,
        )
        for number, changes in enumerate(_slices(plan.changes, earlier))
    ]


def decided(page: Page, now: datetime) -> list[Row]:
    """Return the ledger rows of a page that was just decided.

    A person is Seatflow's once a grant is decided: from then on it may have been written.
    """
    return [
        row_of(
            page,
            change,
            State.DECIDED,
            "on its way",
            now,
            managed=True if change.action is Action.GRANT else None,
        )
        for change in page.changes
    ]


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
        rests_on=page.rests_on,
        managed=managed,
        updated_at=now,
    )


def _slices(
    changes: Sequence[Change], earlier: Mapping[str, set[str]]
) -> Iterator[Sequence[Change]]:
    for action in (Action.REVOKE, Action.GRANT):
        slice_: list[Change] = []
        beaten: set[str] = set()
        for change in changes:
            if change.action is not action:
                continue
            more = beaten | earlier.get(change.person, set())
            if len(slice_) == SIZES[action] or len(slice_) + 1 + len(more) > MOST_WRITES:
                yield slice_
                slice_, more = [], earlier.get(change.person, set())
            slice_, beaten = [*slice_, change], set(more)
        if slice_:
            yield slice_
