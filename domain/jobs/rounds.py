"""Two rounds of changes, of people and of groups, read at the same time and paused where need be.

What was read so far is kept every few hundred pages, and when a run ends before the rounds do: its
time is up, or Graph cannot answer. A run on the same snapshot goes on there. Where Graph does not
know the page any more, that round begins again, and what was read of it is forgotten: who came and
went meanwhile is on no page of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain.errors import Later, Resync
from domain.ports import Draft, Ports, Reading, Tokens
from domain.watching.notification import GROUPS, USERS

OFTEN = 200
"""Pages after which what was read is kept: a minute of Graph's time."""
WORTH = 10
"""Fewer pages than this are not kept when a run ends early; they are read again as quickly."""


class Rounds:
    """The reading of one draft."""

    def __init__(
        self, ports: Ports, draft: Draft, tokens: Tokens, began: datetime, until: datetime | None
    ) -> None:
        self.reading = draft.reading or Reading(began, tokens)
        self._ports = ports
        self._draft = draft
        self._until = until
        self._found: dict[str, set[str]] = {USERS: set(), GROUPS: set()}
        self._unkept = 0

    def found(self) -> Mapping[str, set[str]] | None:
        """Return who changed, None where everything was read anew or not all by this run."""
        starts = self.reading.starts
        return self._found if starts.people and starts.groups and not self._draft.reading else None

    async def read_people(self) -> None:
        """Read what is left of the round of people."""
        start, at = self.reading.starts.people, self.reading.at.people
        if self.reading.ends.people:
            return
        if self._draft.reading and at is None:
            self._draft.restart_people()
        try:
            async for page in self._ports.directory.people(at or start, self._draft.also):
                await self._draft.add_people(page)
                self._found[USERS].update(page.gone, page.ids)
                self._people_at(page.after, page.token)
                await self._look_up(page.token)
        except Resync as dead:
            if at is None:
                raise
            self._again("people", dead)
            self._people_at(None, None)
            self._draft.restart_people()
            await self.read_people()

    async def read_groups(self) -> None:
        """Read what is left of the round of groups."""
        start, at = self.reading.starts.groups, self.reading.at.groups
        if self.reading.ends.groups:
            return
        if self._draft.reading and at is None:
            self._draft.restart_groups()
        try:
            async for page in self._ports.directory.groups(at or start):
                await self._draft.add_groups(page)
                self._found[GROUPS].update(page.gone, (each.group.id for each in page.groups))
                self._groups_at(page.after, page.token)
                await self._look_up(page.token)
        except Resync as dead:
            if at is None:
                raise
            self._again("groups", dead)
            self._draft.restart_groups()
            self._groups_at(None, None)
            await self.read_groups()

    async def pause(self) -> None:
        """Keep what was read for the next run, if it is worth it."""
        if self._unkept >= WORTH:
            await self._keep()

    async def _look_up(self, last: str | None) -> None:
        """After a page: keep what was read from time to time, and stop when the time is up."""
        self._unkept += 1
        if self._unkept >= OFTEN:
            await self._keep()
        if self._until and self._ports.clock.now() >= self._until and not last:
            raise Later("The time is up; the next run goes on where this one stops.", after=0.0)

    async def _keep(self) -> None:
        self._unkept = 0
        await self._draft.pause(self.reading)
        self._ports.log.note("inventory.paused")

    def _again(self, kind: str, dead: Resync) -> None:
        self._ports.log.note("inventory.again", round=kind, reason=str(dead))

    def _people_at(self, link: str | None, end: str | None) -> None:
        at, ends = self.reading.at, self.reading.ends
        at, ends = replace(at, people=link), replace(ends, people=end)
        self.reading = replace(self.reading, at=at, ends=ends)

    def _groups_at(self, link: str | None, end: str | None) -> None:
        at, ends = self.reading.at, self.reading.ends
        at, ends = replace(at, groups=link), replace(ends, groups=end)
        self.reading = replace(self.reading, at=at, ends=ends)
