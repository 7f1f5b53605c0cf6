"""Dead letters: what could not be handled becomes a failed outcome with its reason."""

from domain.errors import Conflict, Never
from domain.jobs.send import TRIES
from domain.ledger import Page, State
from domain.message import read_page_message
from domain.paging import row_of
from domain.ports import DeadLetter, Ports


async def bury(ports: Ports) -> int:
    """Write down every dead letter and take it off; return how many there were."""
    count = 0
    async for letter in ports.queue.dead_letters():
        count += 1
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
    """End the changes of the page the letter names; a letter that names none is kept as it is."""
    try:
        bundle, page_id = read_page_message(letter.body.encode())
    except Never:
        await note_unreadable(ports, letter.message, letter.reason, letter.body)
        return
    for _ in range(TRIES):
        page = await ports.ledger.page(bundle, page_id)
        if page is None:
            return
        try:
            await _fail_page(ports, page, letter.reason)
        except Conflict:
            continue
        return


async def _fail_page(ports: Ports, page: Page, reason: str) -> None:
    now = ports.clock.now()
    detail = f"The message was dead-lettered: {reason}"
    rows = [row_of(page, change, State.FAILED, detail, now) for change in page.pending()]
    await ports.ledger.record(page.end(row.person for row in rows), rows)
