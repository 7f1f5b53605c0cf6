"""A ledger in memory."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.chain import Entry, Sealed, Tail, seal
from domain.decision.undoing import Undone
from domain.errors import Conflict
from domain.head import Head
from domain.ledger import Leave, Page, Row, Standing, State, Tally, Unreadable, Wait
from domain.lines import decision_entry, noted, progress_entry
from tests.fakes.faults import Faulty, can_fail


class FakeLedger(Faulty):
    """The Ledger port in memory; versions are counters."""

    def __init__(self) -> None:
        super().__init__()
        self._writes = 0
        self._heads: dict[str, Head] = {}
        self._pages: dict[tuple[str, str], Page] = {}
        self._rows: dict[tuple[str, str], Row] = {}
        self._waiting: dict[str, dict[str, Wait]] = {}
        self._leaving: dict[str, dict[str, Leave]] = {}
        self._tallies: dict[str, Tally] = {}
        self.histories: dict[str, list[Sealed]] = {}
        """What a test may do to them is what somebody with access to the table could."""
        self.tails: dict[str, Tail] = {}
        self._unreadable: dict[str, Unreadable] = {}
        self._undone: dict[str, dict[str, Undone]] = {}

    @can_fail
    async def standing(self, bundle: str) -> Standing:
        pages = tuple(self._pages[key] for key in sorted(self._pages) if key[0] == bundle)
        head = self._heads.get(bundle, Head(bundle))
        number = self.tails.get(bundle, Tail()).number
        return Standing(head, self._tallies.get(bundle, Tally()), pages, number)

    @can_fail
    async def page(self, bundle: str, page: str) -> Page | None:
        return self._pages.get((bundle, page))

    @can_fail
    async def rows(self, bundle: str, people: Sequence[str]) -> Mapping[str, Row]:
        keys = [(bundle, person) for person in people]
        return {key[1]: self._rows[key] for key in keys if key in self._rows}

    @can_fail
    async def waiting(self, bundle: str) -> Mapping[str, Wait]:
        return dict(self._waiting.get(bundle, {}))

    @can_fail
    async def decide(
        self,
        head: Head,
        page: Page,
        earlier: Sequence[Page] = (),
        cause: str = "",
        by: str = "",
    ) -> Head:
        _check(head.bundle, page, ())
        if (page.bundle, page.id) in self._pages:
            raise Conflict(f"Page {page.id} exists.")
        before = [self._stored(older) for older in earlier]
        kept = self._keep_head(head)
        self._add(decision_entry(page, before, earlier, cause, by))
        for older in earlier:
            self._keep_or_remove(older)
        self._keep_page(page)
        return kept

    @can_fail
    async def keep_head(self, head: Head) -> Head:
        return self._keep_head(head)

    @can_fail
    async def record(
        self,
        page: Page,
        rows: Sequence[Row],
        cause: str = "",
        at: datetime | None = None,
        details: Mapping[str, str] | None = None,
    ) -> Page | None:
        _check(page.bundle, page, rows)
        stored = self._stored(page)
        tally = self._tallies.get(page.bundle, Tally())
        self._tallies[page.bundle] = tally.add(stored, page, rows)
        entry = progress_entry(stored, page, rows, cause, at, details)
        if entry:
            self._add(entry)
        self._keep_rows(rows)
        return self._keep_or_remove(page)

    @can_fail
    async def note(self, entry: Entry, rows: Sequence[Row] = ()) -> None:
        if any(row.bundle != entry.bundle for row in rows):
            raise ValueError("A transaction is about one bundle.")
        for some, part in noted(entry, rows):
            self._add(part)
            self._keep_rows([row for row in some if not self._is_newer(row)])

    async def entries(self, bundle: str, after: int = 0) -> AsyncIterator[Sealed]:
        fault = self._due("entries")
        if fault:
            raise fault.error
        for sealed in list(self.histories.get(bundle, ())):
            if sealed.number > after:
                yield sealed

    @can_fail
    async def tail(self, bundle: str) -> Tail:
        return self.tails.get(bundle, Tail())

    @can_fail
    async def mark_sent(self, pages: Sequence[Page]) -> None:
        for page in pages:
            stored = self._pages.get((page.bundle, page.id))
            if stored and not stored.sent and stored.attempt == page.attempt:
                self._keep_page(replace(stored, sent=True))

    @can_fail
    async def wait(self, bundle: str, add: Iterable[Wait], remove: Iterable[str]) -> None:
        _move(self._waiting.setdefault(bundle, {}), add, remove)

    @can_fail
    async def leaving(self, bundle: str) -> Mapping[str, Leave]:
        return dict(self._leaving.get(bundle, {}))

    @can_fail
    async def leave(self, bundle: str, add: Iterable[Leave], remove: Iterable[str]) -> None:
        _move(self._leaving.setdefault(bundle, {}), add, remove)

    @can_fail
    async def undone(self, bundle: str) -> Mapping[str, Undone]:
        return dict(self._undone.get(bundle, {}))

    @can_fail
    async def undo(self, bundle: str, add: Iterable[Undone], remove: Iterable[str]) -> None:
        _move(self._undone.setdefault(bundle, {}), add, remove)

    @can_fail
    async def rows_in(self, bundle: str, states: Collection[State]) -> Sequence[Row]:
        found = [self._rows[key] for key in sorted(self._rows) if key[0] == bundle]
        return [row for row in found if row.state in states]

    @can_fail
    async def note_unreadable(self, message: str, reason: str, body: str) -> None:
        self._unreadable[message] = Unreadable(message, reason, body)

    @can_fail
    async def unreadable(self) -> Sequence[Unreadable]:
        return [self._unreadable[message] for message in sorted(self._unreadable)]

    @can_fail
    async def forget_unreadable(self, message: str) -> None:
        self._unreadable.pop(message, None)

    def _add(self, entry: Entry) -> None:
        sealed = seal(entry, self.tails.get(entry.bundle, Tail()))
        self.histories.setdefault(entry.bundle, []).append(sealed)
        self.tails[entry.bundle] = Tail(sealed.number, sealed.hash)

    def _keep_head(self, head: Head) -> Head:
        stored = self._heads.get(head.bundle, Head(head.bundle))
        if stored.version != head.version:
            raise Conflict(f"The head of {head.bundle} has moved on.")
        self._heads[head.bundle] = replace(head, version=self._version())
        return self._heads[head.bundle]

    def _stored(self, page: Page) -> Page:
        stored = self._pages.get((page.bundle, page.id))
        if stored is None or stored.version != page.version:
            raise Conflict(f"Page {page.id} has moved on.")
        return stored

    def _keep_or_remove(self, page: Page) -> Page | None:
        if page.open():
            return self._keep_page(page)
        del self._pages[page.bundle, page.id]
        return None

    def _keep_page(self, page: Page) -> Page:
        everyone = {change.person for change in page.changes}
        kept = replace(
            page,
            applied=page.applied & everyone,
            ended=page.ended & everyone,
            version=self._version(),
        )
        self._pages[page.bundle, page.id] = kept
        return kept

    def _keep_rows(self, rows: Iterable[Row]) -> None:
        for row in rows:
            before = self._rows.get((row.bundle, row.person))
            known = bool(before and before.managed)
            managed = known if row.managed is None else row.managed
            self._rows[row.bundle, row.person] = replace(row, managed=managed)

    def _is_newer(self, row: Row) -> bool:
        stored = self._rows.get((row.bundle, row.person))
        return stored is not None and stored.generation > row.generation

    def _version(self) -> str:
        self._writes += 1
        return str(self._writes)


def _check(bundle: str, page: Page, rows: Iterable[Row]) -> None:
    if {page.bundle, *(row.bundle for row in rows)} != {bundle}:
        raise ValueError("A transaction is about one bundle.")


def _move[P: (Wait, Leave, Undone)](
    places: dict[str, P], add: Iterable[P], remove: Iterable[str]
) -> None:
    for person in remove:
        places.pop(person, None)
    places.update({place.person: place for place in add})
