"""Pages and hints as messages: what each says, and the id by which repeats are dropped."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched

from domain.ledger import Page
from domain.message import hint_message, page_message, page_message_id
from domain.ports import Hint

MOMENT = 2
"""Seconds in which the same hint is sent once."""
_PEOPLE = 50
"""People in one hint: read afresh in a few requests, so that no hint holds up the others."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent; duplicate detection drops a second message with the same id."""

    id: str
    body: bytes
    session: str | None = None
    due: datetime | None = None
    """Not to be delivered before; None for at once."""
    trace: str = ""
    """For the Functions host, which has its own record of whatever the message sets off."""


def of_page(page: Page, now: datetime) -> Message:
    """Return the message of a page; another attempt is another message."""
    return Message(
        id=page_message_id(page),
        body=page_message(page.bundle, page.id),
        session=page.target,
        due=page.due_at if page.due_at > now else None,
        trace=page.trace,
    )


def of_hints(hints: Iterable[Hint], now: datetime) -> Iterator[Message]:
    """Yield the messages of hints, large ones in parts."""
    for hint in hints:
        if hint.run:
            id = f"run:{hint.run}"
            yield Message(id=id, body=hint_message(hint), due=hint.due, trace=hint.trace)
        elif hint.notices:
            yield _in_a_moment("notices", hint, now)
        elif hint.watches:
            yield _in_a_moment(f"watches:{_digest(hint.watches)}", hint, now)
        for people in batched(sorted(set(hint.people)), _PEOPLE, strict=False):
            part = replace(hint, people=people)
            yield _in_a_moment(f"people:{_digest(people)}", part, now)


def _in_a_moment(what: str, hint: Hint, now: datetime) -> Message:
    # Due at the end of the moment, so that it is read after everything that happened in it, also
    # what the dropped repeats were about.
    moment = int((hint.due or now).timestamp()) // MOMENT
    due = datetime.fromtimestamp((moment + 1) * MOMENT, now.tzinfo)
    return Message(id=f"{what}:{moment}", body=hint_message(hint), due=due, trace=hint.trace)


def _digest(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
