"""Send a plan: write it to the ledger page by page, then put the pages on the queue."""

from collections.abc import Sequence
from dataclasses import replace

from domain.change import Action
from domain.errors import Conflict
from domain.known import Known
from domain.ledger import Head, Page
from domain.paging import pages_of
from domain.plan import Plan, PlanState
from domain.ports import Ports
from domain.snapshot import Snapshot

TRIES = 10
"""How often a page is read again when someone else writes it at the same time."""


async def send_plan(ports: Ports, plan: Plan, known: Known, snapshot: Snapshot, run: str) -> None:
    """Write down what was decided and send it, unless the plan is held.

    Raises:
        Conflict: another decision about this bundle came first; what was written so far stands.
    """
    now = ports.clock.now()
    head = replace(known.head, entitled=plan.entitled, holders=plan.holders)
    if snapshot.whole:
        head = replace(head, held=" ".join(plan.held))
    if plan.state is not PlanState.HELD:
        waiting = await _keep_waiting(ports, plan, known, whole=snapshot.whole)
        head = replace(head, waiting=waiting)
    if plan.state is PlanState.EMPTY:
        await _keep_head(ports, known.head, head)
        return

    stored = await ports.plans.keep(plan, run, now)
    _note(ports, plan, stored.id, run)
    if plan.state is PlanState.HELD:
        await _keep_head(ports, known.head, head)
        return

    head = head.after(_new_revokes(plan, known), now)
    pages = pages_of(plan, head.generation, stored.id, run, snapshot.rests_on(), now)
    for page in pages:
        head = await _decide(ports, head, page, known.pages)
    await put_on_queue(ports, pages)


async def put_on_queue(ports: Ports, pages: Sequence[Page]) -> None:
    """Send pages that are written down, then note that they were; the sweeper sends the others."""
    await ports.queue.send_pages(pages, ports.clock.now())
    await ports.ledger.mark_sent(pages)


def _new_revokes(plan: Plan, known: Known) -> int:
    """Count the revokes that are not another try of one already counted."""
    people = [change.person for change in plan.changes if change.action is Action.REVOKE]
    return sum(not known.again(person, Action.REVOKE) for person in people)


def _note(ports: Ports, plan: Plan, stored: str, run: str) -> None:
    ports.log.note(
        f"plan.{plan.state}",
        bundle=plan.bundle,
        plan=stored,
        run=run,
        grants=plan.grants,
        revokes=plan.revokes,
        waiting=len(plan.waiting),
        reason=" ".join(plan.held),
    )


async def _keep_head(ports: Ports, before: Head, after: Head) -> None:
    if after != before:
        await ports.ledger.keep_head(after)


async def _keep_waiting(ports: Ports, plan: Plan, known: Known, *, whole: bool) -> int:
    """Write the difference between the waiting list as it was and as it is; return its length."""
    new = [wait for wait in plan.waiting if known.waiting.get(wait.person) != wait]
    served = {change.person for change in plan.changes}
    if whole:
        served |= set(known.waiting) - {wait.person for wait in plan.waiting}
    gone = served & set(known.waiting)
    if new or gone:
        await ports.ledger.wait(plan.bundle, new, sorted(gone))
    return len((set(known.waiting) | {wait.person for wait in new}) - gone)


async def _decide(ports: Ports, head: Head, page: Page, open_pages: Sequence[Page]) -> Head:
    """Write a page; in the same step its people leave earlier pages, which this decision beats."""
    people = {change.person for change in page.changes}
    for _ in range(TRIES):
        earlier = [
            one.end(people)
            for one in open_pages
            if one.generation < page.generation
            and not people.isdisjoint(change.person for change in one.open())
        ]
        try:
            return await ports.ledger.decide(head, page, earlier)
        except Conflict:
            standing = await ports.ledger.standing(page.bundle)
            if standing.head.version != head.version:
                raise
            open_pages = standing.pages
    raise Conflict(f"The earlier pages of {page.bundle} are being written all the time.")
