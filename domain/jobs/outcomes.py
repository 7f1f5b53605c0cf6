"""What became of changes and of seats, for the log and as metrics."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from domain.bundle import Bundle
from domain.change import Action
from domain.inventory.product import Product
from domain.ledger import Page, Row, State
from domain.outcome import ALREADY_SO
from domain.plan import Plan
from domain.ports import Ports
from domain.telemetry.metrics import CHANGES, CONFIRM_LATENCY, SEATS

ALREADY, LATER, WITHDRAWN = "already-so", "later", "withdrawn"


def note_changes(ports: Ports, rows: Iterable[Row], halted: Collection[str] = ()) -> None:
    """Log the outcomes; what a person said when she stopped something is not for the log."""
    for row in rows:
        ports.log.note(
            "change.ended" if row.state is not State.APPLIED else "change.applied",
            bundle=row.bundle,
            person=row.person,
            action=row.action,
            state=row.state,
            plan=row.plan,
            run=row.run,
            detail="stopped before it was written" if row.person in halted else row.detail,
        )


def count_rows(ports: Ports, rows: Iterable[Row]) -> None:
    """Count what became of changes, by the rows that say so."""
    _count(ports, ((row.bundle, row.action, _outcome(row)) for row in rows))


def count_later(ports: Ports, page: Page) -> None:
    """Count the changes of a page that are tried again."""
    _count(ports, ((page.bundle, change.action, LATER) for change in page.pending()))


def count_withdrawn(ports: Ports, rows: Iterable[Row]) -> None:
    """Count changes that were taken back before they were carried out."""
    _count(ports, ((row.bundle, row.action, WITHDRAWN) for row in rows))


def time_confirmed(ports: Ports, page: Page, rows: Iterable[Row]) -> None:
    """Measure how long it took from the decision until the effect was seen."""
    for row in rows:
        if row.state is State.CONFIRMED:
            seconds = (row.updated_at - page.written_at).total_seconds()
            ports.telemetry.measure(
                CONFIRM_LATENCY, seconds, bundle=row.bundle, action=str(row.action)
            )


def count_seats(
    ports: Ports,
    bundles: Iterable[Bundle],
    products: Mapping[str, Product],
    plans: Iterable[Plan],
) -> None:
    """Measure the seats of every product that bundles hand out, and who waits for one."""
    waiting = {plan.bundle: len(plan.waiting) for plan in plans}
    short: Counter[str] = Counter()
    for bundle in bundles:
        for sku in bundle.skus():
            short[sku] += waiting.get(bundle.id, 0)
    for sku, count in short.items():
        if product := products.get(sku):
            free = max(0, product.seats - product.consumed)
            for state, seats in (
                ("bought", product.seats),
                ("consumed", product.consumed),
                ("free", free),
                ("short", count),
            ):
                ports.telemetry.measure(SEATS, seats, product=sku, state=state)


def _count(ports: Ports, changes: Iterable[tuple[str, Action, str]]) -> None:
    for (bundle, action, outcome), count in Counter(changes).items():
        ports.telemetry.measure(CHANGES, count, bundle=bundle, action=str(action), outcome=outcome)


def _outcome(row: Row) -> str:
    already = row.state is State.APPLIED and row.detail == ALREADY_SO
    return ALREADY if already else str(row.state)
