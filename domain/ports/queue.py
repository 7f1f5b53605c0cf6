"""Messages to ourselves."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.ledger import Page


@dataclass(frozen=True, slots=True)
class Hint:
    """Something may have moved: recompile these people, or run everything when there are none."""

    people: tuple[str, ...] = ()
    run: str | None = None
    inventory: bool = True
    """A run begins with an inventory; without one it compiles against the latest snapshot."""


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
        """Send hints to recompile; the same hint within a short while is sent once."""
        ...

    def dead_letters(self) -> AsyncIterator[DeadLetter]:
        """Yield dead-lettered messages; each is settled once the consumer asks for the next."""
        ...
