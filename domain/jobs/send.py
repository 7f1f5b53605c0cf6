"""Send a plan: write it to the ledger page by page, then put the pages on the queue."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.compile import Known
from domain.errors import Conflict
from domain.ledger import Head, Page
from domain.paging import decided, pages_of
from domain.plan import Plan, PlanState
from domain.ports import Ports

TRIES = 10
"""How often a page is read again when someone else writes it at the same time."""


async def send_plan(ports: Ports, plan: Plan, known: Known, *, whole: bool, run: str) -> None:
    """Write down what was decided and send it, unless the plan is held.

    Args:
        whole: whether the plan comes from everyone, or from a close-up of a few people.

    Raises:
        Conflict: another decision about this bundle came first; what was written so far stands.
    """
    now = ports.clock.now()
    head = replace(known.head, entitled=plan.entitled, holders=plan.holders)
    if whole:
        head = replace(head, waiting=len(plan.waiting), held=" ".join(plan.held))
    await _keep_waiting(ports, plan, known, whole=whole)
    if plan.state is PlanState.EMPTY:
        await _keep_head(ports, known.head, head)
        return

    stored = await ports.plans.keep(plan, run, now)
    ports.log.note(
        f"plan.{plan.state}",
        bundle=plan.bundle,
        plan=stored.id,
        run=run,
        grants=plan.grants,
        revokes=plan.revokes,
        waiting=len(plan.waiting),
        reason=" ".join(plan.held),
    )
    if plan.state is PlanState.HELD:
        await _keep_head(ports, known.head, replace(head, held=" ".join(plan.held)))
        return

    await _supersede(ports, known.pages, {change.person for change in plan.changes})
    head = head.after(plan.revokes, now)
    pages = pages_of(plan, head.generation, stored.id, run, now)
    for page in pages:
        head = await ports.ledger.decide(head, page, decided(page, now))
    await put_on_queue(ports, pages)


async def put_on_queue(ports: Ports, pages: Sequence[Page]) -> None:
    """Send pages that are written down, then note that they were; the sweeper sends the others."""
    await ports.queue.send_pages(pages, ports.clock.now())
    await ports.ledger.mark_sent(pages)


async def _keep_head(ports: Ports, before: Head, after: Head) -> None:
    if after != before:
        await ports.ledger.keep_head(after)


async def _keep_waiting(ports: Ports, plan: Plan, known: Known, *, whole: bool) -> None:
    """Write the difference between the waiting list as it was and as it is."""
    new = [wait for wait in plan.waiting if known.waiting.get(wait.person) != wait]
    served = {change.person for change in plan.changes}
    if whole:
        served |= set(known.waiting) - {wait.person for wait in plan.waiting}
    gone = served & set(known.waiting)
    if new or gone:
        await ports.ledger.wait(plan.bundle, new, sorted(gone))


async def _supersede(ports: Ports, pages: Iterable[Page], people: set[str]) -> None:
    """Take these people out of earlier pages: the decision being made beats those."""
    for page in pages:
        mine = people & {change.person for change in page.open()}
        if mine:
            await _end(ports, page, mine)


async def _end(ports: Ports, page: Page, people: set[str]) -> None:
    current: Page | None = page
    for _ in range(TRIES):
        if current is None:
            return
        try:
            await ports.ledger.record(current.end(people), ())
        except Conflict:
            current = await ports.ledger.page(page.bundle, page.id)
        else:
            return
    raise Conflict(f"Page {page.id} is being written by someone else.")
