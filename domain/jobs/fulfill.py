"""Fulfill: carry out the changes of one page, and write down what became of each."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.change import Change
from domain.decision.interlock import stopped
from domain.decision.paging import row_of
from domain.errors import Conflict, Later, Never
from domain.jobs.dead_letters import note_unreadable
from domain.jobs.gather import terms_of
from domain.jobs.late import note_late
from domain.jobs.outcomes import count_later, count_rows, note_changes
from domain.jobs.send import TRIES
from domain.jobs.sending import put_on_queue
from domain.jobs.work import about
from domain.ledger import Page, Row, State
from domain.message import page_message_id, read_page_message
from domain.outcome import Applied, Outcome, Postponed, Refused
from domain.ports import Ports
from domain.telemetry.metrics import DEAD_LETTERS
from domain.telemetry.work import Work

GIVE_UP = timedelta(hours=24)
"""A page that could not be carried out for this long has failed."""

EARLY = timedelta(seconds=5)
"""Clocks of instances and broker may differ by so much."""

STEP, MOST = 2.0, 150.0
"""Seconds that each further try of a page waits longer than Graph asks for, and at most. Refused
requests count against the quota, so pages that knock in turn can keep the door shut for each other
(Graph docs: throttling)."""


async def fulfill(ports: Ports, bundle: str, page_id: str, message: str = "") -> None:
    """Carry out what is still pending on a page; delivered twice or late, it changes nothing more.

    What must wait is sent again for later; only a bug raises.

    Args:
        message: the id of the message that asked for it, for the history.
    """
    page = await ports.ledger.page(bundle, page_id)
    if page is None or not page.pending() or _is_old(page, message, ports.clock.now()):
        return
    with ports.telemetry.work(Work.FULFILL, page.trace, **about(page)):
        await _fulfill(ports, page, message)


async def _fulfill(ports: Ports, page: Page, message: str) -> None:
    stored, terms = await asyncio.gather(ports.bundles.get(page.bundle), terms_of(ports))
    halted = stopped(page, stored.bundle if stored else None, terms)
    outcomes = {**halted, **await _carry_out(ports, page, halted)}
    later = await _record(ports, page, outcomes, message, halted)
    if later is not None:
        count_later(ports, later)
        await put_on_queue(ports, [later])


async def fulfill_message(ports: Ports, body: bytes, message: str) -> None:
    """Fulfill the page a message names; a message nobody can read is kept as a failed outcome.

    Args:
        message: the message's id.
    """
    try:
        bundle, page = read_page_message(body)
    except Never as error:
        ports.telemetry.measure(DEAD_LETTERS, 1, queue="fulfillment")
        await note_unreadable(ports, message, str(error), body.decode(errors="replace"))
        return
    await fulfill(ports, bundle, page, message)


def _is_old(page: Page, message: str, now: datetime) -> bool:
    """Tell whether the page was put off, and this message is from before that.

    The message it was put off with is never old, though it may come early where the broker's clock
    is ahead: nothing else would ask for the page then.
    """
    return page.sent and page.due_at - now > EARLY and message != page_message_id(page)


async def _carry_out(ports: Ports, page: Page, halted: Collection[str]) -> Mapping[str, Outcome]:
    going = [change for change in page.pending() if change.person not in halted]
    if not going:
        return {}
    try:
        return await ports.targets.carry_out(
            page.target, going, urgent=page.urgent, reserved=page.reserved
        )
    except Later as error:
        return dict.fromkeys(_people(going), Postponed(error.after, str(error)))
    except Never as error:
        return dict.fromkeys(_people(going), Refused(error.reason, error.fix))


async def _record(
    ports: Ports,
    page: Page,
    outcomes: Mapping[str, Outcome],
    message: str,
    halted: Collection[str],
) -> Page | None:
    """Write the outcomes; return the page if some of it must be sent again.

    People whom a later decision took out of the page meanwhile are left to that decision.
    """
    current: Page | None = page
    for _ in range(TRIES):
        if current is None:
            return None
        now = ports.clock.now()
        after, rows = settle(current, outcomes, now)
        try:
            kept = await ports.ledger.record(
                after,
                [row for row in rows if row.person in after.ended],
                cause=message,
                at=now,
                details={row.person: row.detail for row in rows if row.state is State.APPLIED},
            )
        except Conflict:
            current = await ports.ledger.page(page.bundle, page.id)
            await note_late(ports, page, outcomes, current, message)
            continue
        count_rows(ports, rows)
        note_changes(ports, rows, halted)
        return kept if kept is not None and kept.pending() else None
    raise Conflict(f"Page {page.id} is being written by someone else.")


def settle(
    page: Page, outcomes: Mapping[str, Outcome], now: datetime
) -> tuple[Page, Sequence[Row]]:
    """Return the page and the rows as these outcomes leave them."""
    rows = []
    waits = []
    gave_up = now - page.written_at > GIVE_UP
    for change in page.pending():
        match outcomes[change.person]:
            case Applied(detail):
                rows.append(row_of(page, change, State.APPLIED, detail, now))
            case Refused(reason, fix):
                rows.append(row_of(page, change, State.REFUSED, f"{reason} {fix}".strip(), now))
            case Postponed(_, reason, tried=tried) if gave_up:
                detail = f"Given up after 24 hours: {reason}"
                state = State.FAILED if tried else State.REFUSED
                rows.append(row_of(page, change, state, detail, now))
            case Postponed() as wait:
                waits.append(wait)
    after_page = page.apply(row.person for row in rows if row.state is State.APPLIED)
    after_page = after_page.end(row.person for row in rows if row.state is not State.APPLIED)
    after_page = replace(after_page, due_at=now, reserved=False)
    if waits:
        after_page = _put_off(after_page, waits, now)
    return after_page, rows


def _put_off(page: Page, waits: Sequence[Postponed], now: datetime) -> Page:
    """Return the page as it is sent again; a moment set aside in the quota is kept to."""
    reserved = all(wait.reserved for wait in waits)
    tried = any(wait.tried for wait in waits)
    step = min(page.attempt * STEP, MOST) if tried else 0.0
    due = now + timedelta(seconds=max(wait.after for wait in waits) + step)
    return replace(page, due_at=due, attempt=page.attempt + 1, sent=False, reserved=reserved)


def _people(changes: Sequence[Change]) -> list[str]:
    return [change.person for change in changes]
