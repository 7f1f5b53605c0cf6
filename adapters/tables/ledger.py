"""The ledger in one table, a partition a bundle, so that one transaction covers a decision.

Messages nobody could read have a partition of their own, by a name that no bundle can have.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import batched

from adapters.tables.decisions import (
    HEAD,
    LEAVE,
    OPEN,
    PAGE,
    PERSON,
    TALLY,
    WAIT,
    decision_writes,
    head_write,
    is_current,
    moved_on,
    progress_writes,
)
from adapters.tables.heads import read_head
from adapters.tables.limits import MAX_OPERATIONS
from adapters.tables.rows import place_values, read_page, read_place, read_row, read_tally
from adapters.tables.table import TRIES, Table, Write, clip, insist, key, version_of
from domain.errors import Conflict, Later
from domain.head import Head
from domain.ledger import Leave, Page, Row, Standing, Tally, Wait

_UNREADABLE = "~unreadable"


class TableLedger:
    """The Ledger port on Azure Tables."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def standing(self, bundle: str) -> Standing:
        """Return the bundle's head (blank before the first decision), tally and open pages."""
        rows = {entity["RowKey"]: entity for entity in await self._table.scan(bundle, OPEN)}
        head, tally = rows.pop(HEAD, None), rows.pop(TALLY, None)
        return Standing(
            head=read_head(bundle, head) if head else Head(bundle),
            tally=read_tally(tally) if tally else Tally(),
            pages=tuple(read_page(bundle, entity) for entity in rows.values()),
        )

    async def page(self, bundle: str, page: str) -> Page | None:
        """Return one page, or None when all of its changes have ended."""
        entity = await self._table.get(bundle, PAGE + key(page))
        return read_page(bundle, entity) if entity else None

    async def rows(self, bundle: str, people: Sequence[str]) -> Mapping[str, Row]:
        """Return the last decisions about these people, where there are any."""
        wanted = {PERSON + key(person): person for person in people}
        found = await self._table.some(bundle, PERSON, wanted)
        rows = (read_row(bundle, wanted[entity["RowKey"]], entity) for entity in found)
        return {row.person: row for row in rows}

    async def waiting(self, bundle: str) -> Mapping[str, Wait]:
        """Return the bundle's waiting list by person."""
        return await self._places(bundle, WAIT, Wait)

    async def leaving(self, bundle: str) -> Mapping[str, Leave]:
        """Return the people in grace by person."""
        return await self._places(bundle, LEAVE, Leave)

    async def decide(self, head: Head, page: Page, earlier: Sequence[Page] = ()) -> Head:
        """Write a page of decisions, the head's next state and earlier pages' progress together.

        Raises:
            Conflict: the head or an earlier page has moved on; nothing was written.
        """
        writes = decision_writes(head, page, earlier)
        versions = await self._table.write(head.bundle, writes)
        return replace(head, version=versions[0])

    async def keep_head(self, head: Head) -> Head:
        """Write the head alone.

        Raises:
            Conflict: the head has moved on.
        """
        versions = await self._table.write(head.bundle, [head_write(head)])
        return replace(head, version=versions[0])

    async def record(self, page: Page, rows: Sequence[Row]) -> Page | None:
        """Write a page's progress, its rows and the tally together; a page that ended is removed.

        Raises:
            Conflict: the page has changed since it was read; nothing was written.
        """
        for _ in range(TRIES):
            stored, tally = await asyncio.gather(
                self._table.get(page.bundle, PAGE + key(page.id)),
                self._table.get(page.bundle, TALLY),
            )
            if stored is None or not is_current(page, stored):
                raise Conflict(f"Page {page.id} of bundle {page.bundle} has moved on.")
            writes = progress_writes(page, rows, stored, tally)
            try:
                versions = await self._table.write(page.bundle, writes)
            except Conflict:
                continue  # another page moved the tally on; a page that moved on is seen above
            return moved_on(page, versions[0])
        raise Later(f"The tally of bundle {page.bundle} is too busy.", after=1.0)

    async def mark_sent(self, pages: Sequence[Page]) -> None:
        """Note that these pages' messages were sent; pages that ended meanwhile stay ended."""
        for bundle in dict.fromkeys(page.bundle for page in pages):
            attempts = {PAGE + key(p.id): p.attempt for p in pages if p.bundle == bundle}
            await insist(partial(self._mark_sent, bundle, attempts))

    async def wait(self, bundle: str, add: Iterable[Wait], remove: Iterable[str]) -> None:
        """Put people on the waiting list and take others off; more than 100 in several steps."""
        await self._move(bundle, WAIT, add, remove)

    async def leave(self, bundle: str, add: Iterable[Leave], remove: Iterable[str]) -> None:
        """Put people into grace and take others out of it; more than 100 in several steps."""
        await self._move(bundle, LEAVE, add, remove)

    async def note_unreadable(self, message: str, reason: str, body: str) -> None:
        """Keep a message that nobody could read, with the reason, as a failed outcome."""
        values = {"message": clip(message), "reason": clip(reason), "body": clip(body, 15_000)}
        await self._table.write(_UNREADABLE, [Write("put", key(message), values)])

    async def unreadable(self) -> int:
        """Count the messages nobody could read."""
        return len(await self._table.scan(_UNREADABLE, select=["message"]))

    async def _mark_sent(self, bundle: str, attempts: Mapping[str, int]) -> None:
        # A page that was put off meanwhile has a later attempt, and that one was not sent.
        writes = [
            Write("merge", entity["RowKey"], {"sent": True}, version_of(entity))
            for entity in await self._table.some(bundle, PAGE, attempts)
            if not entity["sent"] and attempts[entity["RowKey"]] == entity["attempt"]
        ]
        await self._in_steps(bundle, writes)

    async def _places[P: (Wait, Leave)](
        self, bundle: str, prefix: str, kind: Callable[[str, str, str], P]
    ) -> Mapping[str, P]:
        places = [read_place(kind, entity) for entity in await self._table.scan(bundle, prefix)]
        return {place.person: place for place in places}

    async def _move(
        self, bundle: str, prefix: str, add: Iterable[Wait | Leave], remove: Iterable[str]
    ) -> None:
        coming = {prefix + key(place.person): place_values(place) for place in add}
        going = {prefix + key(person) for person in remove} - coming.keys()
        puts = [Write("put", row, values) for row, values in coming.items()]

        async def step() -> None:
            removals = [
                Write("remove", entity["RowKey"], {}, version_of(entity))
                for entity in await self._table.some(bundle, prefix, going)
            ]
            await self._in_steps(bundle, removals + puts)

        await insist(step)

    async def _in_steps(self, bundle: str, writes: Sequence[Write]) -> None:
        for step in batched(writes, MAX_OPERATIONS, strict=False):
            await self._table.write(bundle, step)
