"""The ledger in one table, a partition a bundle, so that one transaction covers a decision.

Messages nobody could read have a partition of their own, by a name that no bundle can have.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import batched

from adapters.tables.decisions import (
    HEAD,
    LEAVE,
    OPEN,
    PAGE,
    PERSON,
    UNDONE,
    WAIT,
    check_bundle,
    decision_writes,
    head_write,
    is_current,
    moved_on,
    progress_writes,
    row_writes,
)
from adapters.tables.entries import TALLY, Chain, chain_writes, read_chain
from adapters.tables.heads import read_head
from adapters.tables.history import History
from adapters.tables.limits import MAX_OPERATIONS
from adapters.tables.rows import (
    place_values,
    read_page,
    read_place,
    read_row,
    read_tally,
    read_undone,
)
from adapters.tables.table import TRIES, Table, Write, clip, insist, key, version_of
from domain.chain import Entry, Sealed, Tail
from domain.concurrency import each
from domain.decision.undoing import Undone
from domain.errors import Conflict, Later
from domain.head import Head
from domain.ledger import Leave, Page, Row, Standing, State, Tally, Unreadable, Wait
from domain.lines import decision_entry, noted, progress_entry

_UNREADABLE = "~unreadable"


class TableLedger:
    """The Ledger port on Azure Tables."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._history = History(table)

    async def standing(self, bundle: str) -> Standing:
        """Return what is open of a bundle; the head is blank before the first decision."""
        rows = {entity["RowKey"]: entity for entity in await self._table.scan(bundle, OPEN)}
        head, tally = rows.pop(HEAD, None), rows.pop(TALLY, None)
        return Standing(
            head=read_head(bundle, head) if head else Head(bundle),
            tally=read_tally(tally) if tally else Tally(),
            pages=tuple(read_page(bundle, entity) for entity in rows.values()),
            number=read_chain(tally).tail.number,
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

    async def decide(
        self,
        head: Head,
        page: Page,
        earlier: Sequence[Page] = (),
        cause: str = "",
        by: str = "",
    ) -> Head:
        """Write a page of decisions, the head's next state and earlier pages' progress together.

        Raises:
            Conflict: the head or an earlier page has moved on; nothing was written.
        """
        tried: Chain | None = None
        for _ in range(TRIES):
            chain, before = await asyncio.gather(
                self._history.chain(head.bundle, tried), self._as_read(head.bundle, earlier)
            )
            if chain == tried:
                break  # no other page moved the tally on: it was the head, or this page exists
            entry = decision_entry(page, before, earlier, cause, by)
            writes = decision_writes(head, page, earlier, entry, chain)
            try:
                versions = await self._table.write(head.bundle, writes)
            except Conflict:
                tried = chain
                continue
            return replace(head, version=versions[0])
        raise Conflict(f"Somebody else decides about bundle {head.bundle} at the same time.")

    async def keep_head(self, head: Head) -> Head:
        """Write the head alone.

        Raises:
            Conflict: the head has moved on.
        """
        versions = await self._table.write(head.bundle, [head_write(head)])
        return replace(head, version=versions[0])

    async def record(
        self,
        page: Page,
        rows: Sequence[Row],
        cause: str = "",
        at: datetime | None = None,
        details: Mapping[str, str] | None = None,
    ) -> Page | None:
        """Write a page's progress, its rows and the tally together; a page that ended is removed.

        Raises:
            Conflict: the page has changed since it was read; nothing was written.
        """
        tried: Chain | None = None
        for _ in range(TRIES):
            [before], chain = await asyncio.gather(
                self._as_read(page.bundle, [page]), self._history.chain(page.bundle, tried)
            )
            entry = progress_entry(before, page, rows, cause, at, details)
            writes = progress_writes(before, page, rows, entry, chain)
            try:
                versions = await self._table.write(page.bundle, writes)
            except Conflict:
                tried = chain  # another page moved the tally on; one that moved on is seen above
                continue
            return moved_on(page, versions[0])
        raise _busy(page.bundle)

    async def note(self, entry: Entry, rows: Sequence[Row] = ()) -> None:
        """Write what happened outside of any page, and rows with it, in as many steps as needed."""
        check_bundle(entry.bundle, (), rows)
        for some, part in noted(entry, rows):
            await self._note(part, some)

    async def entries(self, bundle: str, after: int = 0) -> AsyncIterator[Sealed]:
        """Yield the entries of a bundle's history as they are kept, in order of number."""
        async for sealed in self._history.entries(bundle, after):
            yield sealed

    async def tail(self, bundle: str) -> Tail:
        """Return where a bundle's history ends."""
        return (await self._history.chain(bundle)).tail

    async def mark_sent(self, pages: Sequence[Page]) -> None:
        """Note that these pages' messages were sent; pages that ended meanwhile stay ended."""

        async def mark(bundle: str) -> None:
            attempts = {PAGE + key(p.id): p.attempt for p in pages if p.bundle == bundle}
            await insist(partial(self._mark_sent, bundle, attempts))

        await each(mark, dict.fromkeys(page.bundle for page in pages))

    async def wait(self, bundle: str, add: Iterable[Wait], remove: Iterable[str]) -> None:
        """Put people on the waiting list and take others off; more than 100 in several steps."""
        await self._move(bundle, WAIT, add, remove)

    async def leave(self, bundle: str, add: Iterable[Leave], remove: Iterable[str]) -> None:
        """Put people into grace and take others out of it; more than 100 in several steps."""
        await self._move(bundle, LEAVE, add, remove)

    async def undone(self, bundle: str) -> Mapping[str, Undone]:
        """Return the people for whom a run was undone, by person."""
        found = [read_undone(entity) for entity in await self._table.scan(bundle, UNDONE)]
        return {each.person: each for each in found}

    async def undo(self, bundle: str, add: Iterable[Undone], remove: Iterable[str]) -> None:
        """Lay people's changes over the policy, turned round, and leave others to policy again."""
        await self._move(bundle, UNDONE, add, remove)

    async def rows_in(self, bundle: str, states: Collection[State]) -> Sequence[Row]:
        """Return the last decisions that stand so, in order of person."""
        found = await self._table.scan(bundle, PERSON, among=("state", states))
        return [read_row(bundle, each["RowKey"].removeprefix(PERSON), each) for each in found]

    async def note_unreadable(self, message: str, reason: str, body: str) -> None:
        """Keep a message that nobody could read, with the reason, as a failed outcome."""
        values = {"message": clip(message), "reason": clip(reason), "body": clip(body, 15_000)}
        await self._table.write(_UNREADABLE, [Write("put", key(message), values)])

    async def unreadable(self) -> Sequence[Unreadable]:
        """Return the messages nobody could read, in order of id."""
        found = await self._table.scan(_UNREADABLE)
        return [Unreadable(one["message"], one["reason"], one["body"]) for one in found]

    async def forget_unreadable(self, message: str) -> None:
        """Take a message off that list."""
        row = key(message)
        entity = await self._table.get(_UNREADABLE, row)
        if entity:
            await self._table.write(_UNREADABLE, [Write("remove", row, {}, version_of(entity))])

    async def _as_read(self, bundle: str, pages: Sequence[Page]) -> list[Page]:
        """Return these pages as they are stored.

        Raises:
            Conflict: one has moved on since it was read.
        """
        keys = [PAGE + key(page.id) for page in pages]
        stored = {entity["RowKey"]: entity for entity in await self._table.some(bundle, PAGE, keys)}
        for name, page in zip(keys, pages, strict=True):
            if not is_current(page, stored.get(name)):
                raise Conflict(f"Page {page.id} of bundle {bundle} has moved on.")
        return [read_page(bundle, stored[name]) for name in keys]

    async def _note(self, entry: Entry, rows: Sequence[Row]) -> None:
        tried: Chain | None = None
        for _ in range(TRIES):
            chain, guards = await asyncio.gather(
                self._history.chain(entry.bundle, tried), self._older(entry.bundle, rows)
            )
            older = [row for row in rows if row.person in guards]
            writes = [*chain_writes(entry, chain, chain.tally), *row_writes(older, guards)]
            try:
                await self._table.write(entry.bundle, writes)
            except Conflict:
                tried = chain
                continue
            return
        raise _busy(entry.bundle)

    async def _older(self, bundle: str, rows: Sequence[Row]) -> Mapping[str, str]:
        """Return the versions of those rows that nothing newer stands in place of, by person."""
        wanted = {PERSON + key(row.person): row for row in rows}
        found = await self._table.some(bundle, PERSON, wanted) if wanted else []
        stored = {entity["RowKey"]: entity for entity in found}
        return {
            row.person: version_of(stored[name]) if name in stored else ""
            for name, row in wanted.items()
            if name not in stored or stored[name]["generation"] <= row.generation
        }

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
        self, bundle: str, prefix: str, add: Iterable[Wait | Leave | Undone], remove: Iterable[str]
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


def _busy(bundle: str) -> Later:
    return Later(f"The tally of bundle {bundle} is too busy.", after=1.0)
