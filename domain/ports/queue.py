"""Messages to ourselves."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.ledger import Page


@dataclass(frozen=True, slots=True)
class Hint:
    """Something may have moved, or wants to be looked after; one kind of thing a hint.

    Nothing but the moment it was sent tells two hints of one kind apart, so a burst is one hint.
    """

    people: tuple[str, ...] = ()
    """Recompile these people."""
    run: str | None = None
    """Run everything, under this id."""
    inventory: bool = True
    """A run begins with an inventory; without one it compiles against the latest snapshot."""
    notices: bool = False
    """Follow what notifications have told of."""
    watches: tuple[str, ...] = ()
    """Look after the watches, and renew these whatever time they have left."""
    due: datetime | None = None
    """Not to be followed before."""
    trace: str = field(default="", compare=False)
    """Of the work that sends it; of hints that come to one, the first."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be handled, as the broker set it aside."""

    queue: str
    message: str
    body: str
    reason: str


class Queue(Protocol):
    """Messages to ourselves."""

    async def send_pages(self, pages: Sequence[Page], now: datetime) -> None:
        """Send one message per page, in order, session = target; `due_at` later than now waits."""
        ...

    async def send_hints(self, hints: Sequence[Hint], now: datetime) -> None:
        """Send hints to recompile; the same hint within a short while is sent once.

        A hint that gives no time of its own is due at the end of that while, so that it is followed
        after everything that happened in it; a run is due at once.
        """
        ...

    def dead_letters(self) -> AsyncIterator[DeadLetter]:
        """Yield dead-lettered messages; each is settled once the consumer asks for the next."""
        ...
