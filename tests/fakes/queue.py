"""A queue in memory: what was sent waits to be taken."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.ledger import Page
from domain.ports import DeadLetter, Hint
from tests.fakes.faults import Faulty, can_fail

_REMEMBERED = timedelta(minutes=5)
_MOMENT = 2


@dataclass(frozen=True, slots=True)
class SentPage:
    """A message about a page."""

    bundle: str
    page: str
    session: str
    message: str
    due: datetime


@dataclass(frozen=True, slots=True)
class SentHint:
    """A message with a hint."""

    hint: Hint
    message: str
    due: datetime


class FakeQueue(Faulty):
    """The Queue port in memory, with duplicate detection; `pages` and `hints` are in order.

    A test takes messages off by emptying the lists, and adds to `dead` what should lie dead.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[SentPage] = []
        self.hints: list[SentHint] = []
        self.dead: list[DeadLetter] = []
        self._seen: dict[str, datetime] = {}

    @can_fail
    async def send_pages(self, pages: Sequence[Page], now: datetime) -> None:
        for page in pages:
            message = f"{page.id}:{page.attempt}"
            if self._new(message, now):
                due = max(page.due_at, now)
                self.pages.append(SentPage(page.bundle, page.id, page.target, message, due))

    @can_fail
    async def send_hints(self, hints: Sequence[Hint], now: datetime) -> None:
        for hint in hints:
            for part in _parts(hint):
                self._send(part, now)

    async def dead_letters(self) -> AsyncIterator[DeadLetter]:
        fault = self._due("dead_letters")
        if fault:
            raise fault.error
        while self.dead:
            yield self.dead[0]
            del self.dead[0]

    def _send(self, hint: Hint, now: datetime) -> None:
        moment = int((hint.due or now).timestamp()) // _MOMENT
        what = replace(hint, people=tuple(sorted(hint.people)), due=None, trace="")
        message = f"{hint.run}" if hint.run else f"{what} {moment}"
        if self._new(message, now):
            end = datetime.fromtimestamp((moment + 1) * _MOMENT, now.tzinfo)
            due = (hint.due or now) if hint.run else end
            self.hints.append(SentHint(replace(hint, due=None), message, due))

    def _new(self, message: str, now: datetime) -> bool:
        seen = self._seen.get(message)
        self._seen[message] = now
        return seen is None or now - seen >= _REMEMBERED


def _parts(hint: Hint) -> list[Hint]:
    people = hint.people
    starts = range(0, len(people), 50)
    return [replace(hint, people=people[at : at + 50]) for at in starts] or [hint]
