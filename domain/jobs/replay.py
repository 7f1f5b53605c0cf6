"""Replay: try again now what came to nothing.

A change is decided anew, on what policy and the tenant are now, so that nothing outdated comes to
life again; only the wait before the next try is cut short.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.chain import Entry, Kind, Line, LineState
from domain.decision.known import again_at
from domain.errors import Held, Never
from domain.jobs.gather import chosen
from domain.jobs.hinting import send_hints
from domain.jobs.names import id_of, names_of
from domain.jobs.request import request_run
from domain.jobs.send import send_again
from domain.ledger import CAME_TO_NOTHING, Page, Row, State, Unreadable
from domain.lines import line_of
from domain.message import read_hint, read_page_message
from domain.ports import Hint, Ports


@dataclass(frozen=True, slots=True)
class Failure:
    """A change that came to nothing, and when it is tried again by itself."""

    row: Row
    again_at: datetime | None
    """None where it waits for a person's word."""
    name: str = ""
    """The person's user principal name."""


@dataclass(frozen=True, slots=True)
class Failures:
    """What came to nothing, of every bundle or of one."""

    changes: tuple[Failure, ...]
    messages: tuple[Unreadable, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was put back."""

    run: str
    """The id to follow it by."""
    changes: int


async def failures(ports: Ports, bundle: str | None = None) -> Failures:
    """Return every change that came to nothing, and the messages that nobody could read.

    A message belongs to no bundle, so of one bundle there are none.

    Raises:
        Never: there is no such bundle.
    """
    rows = [row for one in await chosen(ports, bundle) for row in await _failed(ports, one.id)]
    names = await names_of(ports, {row.person for row in rows})
    return Failures(
        tuple(_failure(row, names.get(row.person, "")) for row in rows),
        tuple(await ports.ledger.unreadable()) if bundle is None else (),
    )


async def replay(
    ports: Ports, bundle: str | None, people: Collection[str], by: str, because: str, run: str
) -> Replayed:
    """Have changes that came to nothing tried again by an inventory and compile under the id `run`.

    Args:
        bundle: of this bundle; of all without one.
        people: object ids, user principal names or mail addresses; everyone's without any.

    Raises:
        Held: there is none.
        Never: there is no such bundle or person.
    """
    ids = {await id_of(ports, person) for person in people}
    count = 0
    for one in await chosen(ports, bundle):
        rows = [row for row in await _failed(ports, one.id) if not ids or row.person in ids]
        if rows:
            await _put_back(ports, one.id, rows, by, because)
            count += len(rows)
    if not count:
        raise Held("No such change came to nothing: `seatflow failures` lists those that did.")
    ports.log.note("replayed", changes=count, run=run)
    # A person may have moved since the latest inventory, and be decided about only from a hint.
    await request_run(ports, run)
    return Replayed(run, count)


async def replay_message(ports: Ports, message: str, by: str, because: str) -> Unreadable | None:
    """Put a message back that nobody could read; a page or hint it names is sent anew.

    Returns the message, or None where there is no such one.

    Raises:
        Never: it still cannot be read.
    """
    found = [one for one in await ports.ledger.unreadable() if one.message == message]
    if not found:
        return None
    body = found[0].body.encode()
    try:
        bundle, page_id = read_page_message(body)
    except Never:
        await send_hints(ports, [_hint(message, body)], ports.clock.now())
    else:
        page = await ports.ledger.page(bundle, page_id)
        if page is not None:
            await ports.ledger.note(_asked_for(page, by, because, ports.clock.now()))
            await send_again(ports, page)
    await ports.ledger.forget_unreadable(message)
    ports.log.note("message.replayed", message=message)
    return found[0]


async def _failed(ports: Ports, bundle: str) -> Sequence[Row]:
    """Leave out those about whom something newer is on its way."""
    pages = (await ports.ledger.standing(bundle)).pages
    moving = {change.person for page in pages for change in page.open()}
    rows = await ports.ledger.rows_in(bundle, CAME_TO_NOTHING)
    return [row for row in rows if row.person not in moving]


async def _put_back(ports: Ports, bundle: str, rows: Sequence[Row], by: str, because: str) -> None:
    now = ports.clock.now()
    detail = f"Put back by {by}: {because}"
    again = [
        replace(row, state=State.REPLAYED, detail=detail, tries=0, updated_at=now, managed=None)
        for row in rows
    ]
    entry = Entry(bundle, Kind.NOTED, now, tuple(line_of(row) for row in again), by=by)
    await ports.ledger.note(entry, again)


def _hint(message: str, body: bytes) -> Hint:
    try:
        return read_hint(body)
    except Never as error:
        raise Never(
            f"Message {message} still cannot be read, and stays on the list.",
            f"{error.reason} Another version of Seatflow may be able to read it.",
        ) from None


def _asked_for(page: Page, by: str, because: str, now: datetime) -> Entry:
    detail = f"Its message was put back by {by}: {because}"
    lines = tuple(
        Line(change.person, LineState.REPLAYED, change.action, change.reason, detail)
        for change in page.pending()
    )
    return Entry(page.bundle, Kind.NOTED, now, lines, page=page.id, by=by)


def _failure(row: Row, name: str) -> Failure:
    return Failure(row, again_at(row), name)
