"""Send a plan: write it to the ledger page by page, then put the pages on the queue."""

from collections.abc import Sequence
from dataclasses import replace

from domain.change import Action
from domain.decision.known import Known
from domain.decision.paging import pages_of
from domain.decision.sizes import believed
from domain.errors import Conflict
from domain.head import Head
from domain.inventory.snapshot import Snapshot
from domain.jobs.lists import keep_leaving, keep_waiting
from domain.jobs.sending import put_on_queue
from domain.jobs.withdraw import withdraw
from domain.jobs.work import work
from domain.ledger import Page
from domain.plan import Plan, PlanState
from domain.ports import Ports
from domain.telemetry.work import Work

TRIES = 10
"""How often a page is read again when someone else writes it at the same time."""


@work(
    Work.PLAN, lambda plan, known, stored, snapshot, run, out: {"bundle": plan.bundle, "run": run}
)
async def send_plan(
    ports: Ports,
    plan: Plan,
    known: Known,
    stored: Head,
    snapshot: Snapshot,
    run: str,
    out: list[Page],
) -> None:
    """Write down what was decided, to be sent unless it is held or only to be shown.

    Args:
        stored: the head as it is; the one known may have changed since it was read.
        out: takes the pages that are written, and are to be put on the queue.

    Raises:
        Conflict: another decision about this bundle came first; what was written so far stands.
    """
    head = replace(known.head, entitled=plan.entitled, holders=_holders(plan, snapshot))
    head = replace(head, undone=len(known.undone), later=_later(plan, head, snapshot))
    head = replace(head, waiting=await keep_waiting(ports, plan, known, snapshot))
    head = replace(head, leaving=await keep_leaving(ports, plan, known, snapshot))
    if snapshot.whole:
        head = await _show(ports, plan, known, head, run)
    if plan.state is PlanState.SENT:
        await _send(ports, plan, known, head, snapshot, run, out)
    elif head != stored:
        await ports.ledger.keep_head(head)
    await withdraw(ports, plan, known)


def _holders(plan: Plan, snapshot: Snapshot) -> int:
    """Return how many hold the bundle: as seen, or on a close-up as it makes of what was seen.

    Else the share that may be revoked in a day would be one of people who are gone already.
    """
    if snapshot.whole or plan.state is not PlanState.SENT:
        return plan.holders
    return plan.holders - plan.limited(Action.REVOKE) + plan.limited(Action.GRANT)


def _later(plan: Plan, head: Head, snapshot: Snapshot) -> int:
    """Return how many keep the bundle only for now; a close-up does not show the others."""
    return plan.later if snapshot.whole else max(plan.later, head.later)


async def send_again(ports: Ports, page: Page) -> bool:
    """Send a page's message once more, if something is pending on it; tell whether it was.

    A message that was sent before needs a new id, or duplicate detection would drop it.

    Raises:
        Conflict: the page has changed since it was read; nothing was written or sent.
    """
    attempt, now = page.attempt + page.sent, ports.clock.now()
    again = replace(page, attempt=attempt, due_at=now, sent=False)
    kept = await ports.ledger.record(again, ())
    if kept is None or not kept.pending():
        return False
    await put_on_queue(ports, [kept])
    return True


async def _show(ports: Ports, plan: Plan, known: Known, head: Head, run: str) -> Head:
    """Keep a plan that is not sent for people to decide on; the one before it is void.

    The same changes held again are the same plan, so that what a person looks at stays what she
    can release.
    """
    same = bool(plan.changes) and head.fingerprint == plan.fingerprint
    head = replace(head, held=" ".join(plan.held))
    if not plan.holds:
        head = replace(head, sizes=believed(plan, head.sizes, known.bundle))
        _note_doubts(ports, plan, head, run)
    if head.plan and same and await _shown_otherwise(ports, plan, head):
        # A refusal is of the changes, so it outlives this.
        await ports.plans.mark(head.plan, PlanState.VOID)
        head = replace(head, plan="")
    if head.plan and not same:
        await ports.plans.mark(head.plan, PlanState.VOID)
        head = replace(head, plan="", fingerprint="", approval=None, refusal=None)
    if head.approval and not head.approval.covers(plan.fingerprint, ports.clock.now()):
        await ports.plans.mark(head.plan, PlanState.HELD, because="The approval has expired.")
        head = replace(head, approval=None)
    if plan.state in (PlanState.HELD, PlanState.DRY_RUN) and plan.changes and not head.plan:
        stored = await ports.plans.keep(plan, run, ports.clock.now())
        _note(ports, plan, stored.id, run)
        head = replace(head, plan=stored.id, fingerprint=plan.fingerprint)
    return head


async def _shown_otherwise(ports: Ports, plan: Plan, head: Head) -> bool:
    """Tell whether the plan people look at no longer says right whether it can be released.

    A dry run or a pause that begins or ends makes the difference, and the changes are the same.
    """
    if plan.state not in (PlanState.HELD, PlanState.DRY_RUN) or head.approval:
        return False
    shown = await ports.plans.get(head.plan)
    held = plan.state is PlanState.HELD
    return (
        shown is None
        or shown.releasable != (held and plan.releasable)
        or (held and shown.state == PlanState.DRY_RUN)
    )


async def _send(
    ports: Ports,
    plan: Plan,
    known: Known,
    head: Head,
    snapshot: Snapshot,
    run: str,
    out: list[Page],
) -> None:
    now = ports.clock.now()
    stored = await _stored(ports, plan, head, run)
    if snapshot.whole:
        head = replace(head, plan="", fingerprint="", approval=None, refusal=None)
    head = head.after(*_unapproved(plan, known), now)
    trace = ports.telemetry.trace()
    pages = pages_of(plan, head.generation, stored, run, snapshot.rests_on(), now, trace)
    for page in pages:
        head = await _decide(ports, head, page, known.pages, plan.approved_by)
        out.append(page)


async def _stored(ports: Ports, plan: Plan, head: Head, run: str) -> str:
    """Return the id under which the plan is kept: its own if it was shown before."""
    if head.plan and head.fingerprint == plan.fingerprint:
        await ports.plans.mark(head.plan, PlanState.SENT, plan.approved_by)
        _note(ports, plan, head.plan, run)
        return head.plan
    stored = await ports.plans.keep(plan, run, ports.clock.now())
    _note(ports, plan, stored.id, run)
    return stored.id


def _unapproved(plan: Plan, known: Known) -> tuple[int, int]:
    """Count the revokes and grants that go out without a person's word: limits are for these."""
    if plan.approved_by:
        return 0, 0
    return _new(plan, known, Action.REVOKE), _new(plan, known, Action.GRANT)


def _new(plan: Plan, known: Known, action: Action) -> int:
    """Count the changes that are not another try of one already counted."""
    changes = [change for change in plan.changes if change.action is action]
    people = [change.person for change in changes if not change.inside]
    return sum(not known.again(person, action) for person in people)


def _note(ports: Ports, plan: Plan, stored: str, run: str) -> None:
    ports.log.note(
        f"plan.{plan.state}",
        bundle=plan.bundle,
        plan=stored,
        run=run,
        grants=plan.grants,
        revokes=plan.revokes,
        waiting=len(plan.waiting),
        leaving=len(plan.leaving),
        spared=len(plan.spared),
        reason=" ".join(plan.held),
    )


def _note_doubts(ports: Ports, plan: Plan, head: Head, run: str) -> None:
    for source, before in head.sizes.items():
        if (now := plan.sizes[source]) != before:
            ports.log.note(
                "source.doubted", bundle=plan.bundle, run=run, source=source, before=before, now=now
            )


async def _decide(
    ports: Ports, head: Head, page: Page, open_pages: Sequence[Page], by: str
) -> Head:
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
            return await ports.ledger.decide(head, page, earlier, cause=page.run, by=by)
        except Conflict:
            standing = await ports.ledger.standing(page.bundle)
            if standing.head.version != head.version:
                raise
            open_pages = standing.pages
    raise Conflict(f"The earlier pages of {page.bundle} are being written all the time.")
