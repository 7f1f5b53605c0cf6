"""Two rounds of changes, of people and of groups, read at the same time and paused where need be.

What was read so far is kept every few hundred pages, and when a run ends before the rounds do: its
time is up, or Graph cannot answer. A run on the same snapshot goes on there. Where Graph does not
know the page any more, that round begins again, and what was read of it is forgotten: who came and
went meanwhile is on no page of it.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.concurrency import both
from domain.errors import Later, Resync
from domain.ports import Draft, GroupsPage, PeoplePage, Ports, Reading, Tokens
from domain.watching.notification import GROUPS, USERS

OFTEN = 200
"""Pages after which what was read is kept: a minute of Graph's time."""
WORTH = 10
"""Fewer pages than this are not kept when a run fails early; they are read again as quickly."""


class TimeIsUp(Later):
    """A run has no time left; what it read is where the next one goes on."""


class _Page(Protocol):
    @property
    def token(self) -> str | None: ...
    @property
    def after(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Round[Page: _Page]:
    """One of the two."""

    name: str
    """Of its token among `Tokens`."""
    resource: str
    """What notifications call it."""
    pages: Callable[[str | None], AsyncGenerator[Page]]
    """Pages from a token on."""
    add: Callable[[Page], Awaitable[None]]
    restart: Callable[[], Awaitable[None]]
    spoken: Callable[[Page], Iterable[str]]
    """The ids that a page says something of."""


class Rounds:
    """The reading of one draft."""

    def __init__(
        self, ports: Ports, draft: Draft, tokens: Tokens, began: datetime, until: datetime | None
    ) -> None:
        self.reading = draft.reading or Reading(began, tokens)
        self._ports = ports
        self._draft = draft
        self._until = until
        starts = self.reading.starts
        self._whole = bool(starts.people and starts.groups and not draft.reading)
        """Whether the rounds are of changes, and this run reads them from their beginning."""
        self._found: dict[str, set[str]] = {USERS: set(), GROUPS: set()}
        self._unkept = 0
        self._keeping: asyncio.Task[None] | None = None

    def found(self) -> Mapping[str, set[str]] | None:
        """Return who changed, None where everything was read anew or not all by this run."""
        return self._found if self._whole else None

    async def read(self) -> None:
        """Read what is left of both.

        Raises:
            TimeIsUp: before everything was read.
            Resync: a token is dead with which a round began.
            Later: Graph cannot answer now.
        """
        try:
            await both(self._read(self._people()), self._read(self._groups()))
        except BaseException:
            if self._keeping:
                await asyncio.wait([self._keeping])
            raise
        await self._kept()

    async def pause(self, worth: int = WORTH) -> None:
        """Keep what was read for the next run, if there are so many pages of it.

        Where keeping failed before, what was kept by then has to do.
        """
        if self._unkept >= worth and not (self._keeping and self._keeping.exception()):
            await self._keep()
            await self._kept()

    async def _read[Page: _Page](self, round: Round[Page]) -> None:
        """Read what is left of a round."""
        if getattr(self.reading.ends, round.name):
            return
        at: str | None = getattr(self.reading.at, round.name)
        if at is None:
            await round.restart()
        try:
            start = at or getattr(self.reading.starts, round.name)
            async with aclosing(round.pages(start)) as pages:  # the next one may be on its way
                async for page in pages:
                    await round.add(page)
                    if self._whole:
                        self._found[round.resource].update(round.spoken(page))
                    self._is_at(round.name, page.after, page.token, pages=1)
                    await self._look_up(page.token)
        except Resync as dead:
            if at is None:
                raise
            self._ports.log.note("inventory.again", round=round.name, reason=str(dead))
            self._is_at(round.name, None, None)
            await self._read(round)

    def _people(self) -> Round[PeoplePage]:
        directory, also = self._ports.directory, self._draft.also
        return Round(
            "people",
            USERS,
            pages=lambda token: directory.people(token, also),
            add=self._draft.add_people,
            restart=self._draft.restart_people,
            spoken=lambda page: (*page.gone, *page.ids),
        )

    def _groups(self) -> Round[GroupsPage]:
        return Round(
            "groups",
            GROUPS,
            pages=self._ports.directory.groups,
            add=self._draft.add_groups,
            restart=self._draft.restart_groups,
            spoken=lambda page: (*page.gone, *(each.group.id for each in page.groups)),
        )

    async def _look_up(self, last: str | None) -> None:
        """After a page: keep what was read from time to time, and stop when the time is up."""
        self._unkept += 1
        if self._unkept >= OFTEN:
            await self._keep()
        if self._until and self._ports.clock.now() >= self._until and not last:
            raise TimeIsUp("The time is up; the next run goes on where this one stops.")

    async def _keep(self) -> None:
        """Begin to keep what was read, and let the reading go on meanwhile."""
        self._unkept = 0
        await self._kept()
        self._ports.log.note("inventory.paused", pages=self.reading.pages)
        # It begins at once, before either round has another page, and ends even where one of them
        # fails meanwhile: half of it would be a hole in what was read.
        keeping = self._draft.pause(self.reading)
        loop = asyncio.get_running_loop()
        self._keeping = asyncio.Task(keeping, loop=loop, eager_start=True)

    async def _kept(self) -> None:
        """Wait until what was being kept is.

        Raises:
            Later: the storage cannot answer now.
        """
        while self._keeping and not self._keeping.done():
            await asyncio.wait([self._keeping])
        if self._keeping:
            self._keeping.result()

    def _is_at(self, name: str, link: str | None, end: str | None, pages: int = 0) -> None:
        at, ends = self.reading.at, self.reading.ends
        self.reading = replace(
            self.reading,
            at=replace(at, **{name: link}),
            ends=replace(ends, **{name: end}),
            pages=self.reading.pages + pages,
        )
