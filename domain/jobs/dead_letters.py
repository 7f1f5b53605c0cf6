"""Dead letters: what could not be handled becomes a failed outcome with its reason."""

from dataclasses import replace

from domain.decision.paging import row_of
from domain.errors import Conflict, Never
from domain.jobs.outcomes import count_rows
from domain.jobs.send import TRIES, send_again
from domain.jobs.work import work
from domain.ledger import Page, State
from domain.message import page_message_id, read_hint, read_page_message
from domain.ports import DeadLetter, Ports
from domain.records import RunState
from domain.telemetry.metrics import DEAD_LETTERS
from domain.telemetry.work import Work

EXPIRED = "TTLExpired"
"""How the reason begins that a broker gives for a message nobody read in time (Service Bus docs:
dead-letter queues)."""


@work(Work.BURY)
async def bury(ports: Ports) -> int:
    """Write down every dead letter and take it off; return how many there were."""
    count = 0
    async for letter in ports.queue.dead_letters():
        count += 1
        ports.telemetry.measure(DEAD_LETTERS, 1, queue=letter.queue)
        ports.log.note(
            "dead_letter", queue=letter.queue, message=letter.message, reason=letter.reason
        )
        await _fail(ports, letter)
    return count


async def note_unreadable(ports: Ports, message: str, reason: str, body: str) -> None:
    """Keep a message that nobody can act on, so that it is not lost silently."""
    ports.log.note("message.unreadable", message=message, reason=reason)
    await ports.ledger.note_unreadable(message, reason, body[:1000])


async def _fail(ports: Ports, letter: DeadLetter) -> None:
    """End what the letter asked for: a page's changes, or a run.

    A hint about people, and a letter that names nothing, is kept as it is: the next compile of
    everything decides about these people, too.
    """
    body = letter.body.encode()
    try:
        bundle, page_id = read_page_message(body)
    except Never:
        if not await _fail_run(ports, body, letter.reason):
            await note_unreadable(ports, letter.message, letter.reason, letter.body)
        return
    for _ in range(TRIES):
        page = await ports.ledger.page(bundle, page_id)
        if page is None or _is_outdated(letter, page):
            return
        try:
            if letter.reason.startswith(EXPIRED):
                await send_again(ports, page)
            else:
                await _fail_page(ports, page, letter.reason)
        except Conflict:
            continue
        return


async def _fail_run(ports: Ports, body: bytes, reason: str) -> bool:
    """End the run a letter asked for; False where it asked for none that is known."""
    try:
        hint = read_hint(body)
    except Never:
        return False
    run = await ports.runs.get(hint.run) if hint.run else None
    if run is None:
        return False
    if run.finished_at is None:
        why = f"The message was dead-lettered: {reason}"
        ended = replace(run, state=RunState.FAILED, reason=why, finished_at=ports.clock.now())
        await ports.runs.keep(ended)
    return True


def _is_outdated(letter: DeadLetter, page: Page) -> bool:
    """Tell whether the page has been sent again since, under another id."""
    return letter.message.startswith(f"{page.id}:") and letter.message != page_message_id(page)


async def _fail_page(ports: Ports, page: Page, reason: str) -> None:
    now = ports.clock.now()
    detail = f"The message was dead-lettered: {reason}"
    rows = [row_of(page, change, State.FAILED, detail, now) for change in page.pending()]
    await ports.ledger.record(page.end(row.person for row in rows), rows)
    count_rows(ports, rows)
