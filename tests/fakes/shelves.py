"""Shelves in memory."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.errors import Never
from domain.kinds import Kind
from domain.kinds.kind import Row
from domain.ports.shelves import Failure, Load, Reading, Shelf
from tests.fakes.faults import Faulty, can_fail


@dataclass
class _Kept:
    shelf: Shelf = field(default_factory=Shelf)
    rows: tuple[Row, ...] = ()
    aside: tuple[Row, ...] = ()


class FakeFilling:
    """A shelf being filled in memory."""

    def __init__(self, kept: _Kept, shelves: "FakeShelves") -> None:
        self._kept = kept
        self._shelves = shelves
        reading = kept.shelf.reading
        self._began_at = reading.began_at if reading else None
        self._rows = list(kept.aside)

    @property
    def shelf(self) -> Shelf:
        return self._kept.shelf

    async def begin(self, began_at: datetime) -> None:
        self._began_at = began_at
        self._rows = []

    async def add(self, rows: Sequence[Row]) -> None:
        self._rows += rows

    async def set_aside(self, link: str, remarks: Sequence[str]) -> None:
        reading = Reading(self._begun(), len(self._rows), link, tuple(remarks))
        self._kept.shelf = Shelf(self._kept.shelf.load, reading)
        self._kept.aside = tuple(self._rows)

    async def keep(self, remarks: Sequence[str]) -> Load:
        await self._shelves.swap()
        load = Load(self._begun(), len(self._rows), tuple(remarks))
        self._kept.shelf, self._kept.rows, self._kept.aside = Shelf(load), tuple(self._rows), ()
        return load

    async def fail(self, failure: Failure) -> None:
        self._kept.shelf = replace(self._kept.shelf, failure=failure)

    def _begun(self) -> datetime:
        if self._began_at is None:
            raise ValueError("nothing was begun")
        return self._began_at


class FakeShelves(Faulty):
    """The Shelves port in memory; tell "swap" to fail for a crash inside of `keep`."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, _Kept] = {}
        self._held: set[str] = set()

    @can_fail
    async def stand(self, kinds: Iterable[Kind]) -> Mapping[str, Shelf]:
        return {kind.name: self._of(kind).shelf for kind in kinds}

    @can_fail
    async def swap(self) -> None:
        """Stand for the moment at which the pointer moves."""

    async def rows(self, kind: Kind, skip: int = 0) -> AsyncIterator[Sequence[Row]]:
        kept = self._of(kind)
        if kept.shelf.load is None:
            raise Never(f"There is no complete read of {kind.name} yet.", f"See {kind.switch}.")
        if kept.rows[skip:]:
            yield kept.rows[skip:]

    @asynccontextmanager
    async def fill(self, kind: Kind) -> AsyncIterator[FakeFilling | None]:
        if kind.name in self._held:
            yield None
            return
        self._held.add(kind.name)
        try:
            yield FakeFilling(self._of(kind), self)
        finally:
            self._held.remove(kind.name)

    def _of(self, kind: Kind) -> _Kept:
        return self._kept.setdefault(kind.name, _Kept())
