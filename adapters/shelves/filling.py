"""Fill a shelf: pages become files, and the pointer moves when all of them are there."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from adapters.shelves.parts import Part
from adapters.shelves.pointer import Pointer, read_pointer, write_pointer
from adapters.warehouse.blobs import Blobs
from domain.kinds import Kind
from domain.kinds.kind import Row
from domain.ports.shelves import Failure, Load, Reading, Shelf

LARGEST = 16 * 2**20
"""Bytes of a file, more or less."""
_LITTER = timedelta(hours=1)
"""How long a file that no pointer names is left alone: somebody may be writing, or reading it."""


def pointer_name(kind: Kind) -> str:
    """Return the name of a kind's pointer."""
    return f"{kind.name}/latest.json"


class BlobFilling:
    """The Filling port over blobs; whoever has it holds the kind's lease."""

    def __init__(self, blobs: Blobs, kind: Kind, pointer: Pointer, version: str) -> None:
        self._blobs = blobs
        self._kind = kind
        self._pointer = pointer
        self._version = version
        self._part = Part(kind)
        reading = pointer.shelf.reading
        self._began_at = reading.began_at if reading else None
        self._written = pointer.aside
        self._rows = reading.rows if reading else 0

    @classmethod
    async def of(cls, blobs: Blobs, kind: Kind) -> "BlobFilling":
        """Return the filling of a shelf as it stands."""
        found = await blobs.read(pointer_name(kind))
        if found is None:
            return cls(blobs, kind, Pointer(), "")
        return cls(blobs, kind, read_pointer(found.body), found.version)

    @property
    def shelf(self) -> Shelf:
        """How it stands."""
        return self._pointer.shelf

    async def begin(self, began_at: datetime) -> None:
        """Begin a read, and forget one that did not come to its end."""
        self._part, self._written, self._rows = Part(self._kind), (), 0
        self._began_at = began_at

    async def add(self, rows: Sequence[Row]) -> None:
        """Take in a page."""
        self._rows += len(rows)
        await asyncio.to_thread(self._part.add, rows)
        if self._part.size >= LARGEST:
            await self._flush()

    async def set_aside(self, link: str, remarks: Sequence[str]) -> None:
        """Keep what was taken in; the next run goes on at the link."""
        await self._flush()
        reading = Reading(self._begun(), self._rows, link, tuple(remarks))
        await self._swap(self._pointer.set_aside(reading, self._written))

    async def keep(self, remarks: Sequence[str]) -> Load:
        """Make what was taken in the latest."""
        await self._flush()
        load = Load(self._begun(), self._rows, tuple(remarks))
        await self._swap(self._pointer.kept(load, self._written))
        await self._clean(load.taken_at)
        return load

    async def fail(self, failure: Failure) -> None:
        """Note why the read came to nothing."""
        await self._swap(self._pointer.failed(failure))

    async def _flush(self) -> None:
        if not self._part.rows:
            return
        body = await asyncio.to_thread(self._part.close)
        name = f"{self._kind.name}/{self._begun():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.parquet"
        await self._blobs.write(name, body)
        self._written = (*self._written, name)
        self._part = Part(self._kind)

    async def _swap(self, pointer: Pointer) -> None:
        name = pointer_name(self._kind)
        self._version = await self._blobs.swap(name, write_pointer(pointer), self._version)
        self._pointer = pointer

    async def _clean(self, now: datetime) -> None:
        written = await self._blobs.names(f"{self._kind.name}/")
        parts = {name for name in written if name.endswith(".parquet")}
        for name in parts - self._pointer.needed():
            if written[name] < now - _LITTER:
                await self._blobs.delete(name)

    def _begun(self) -> datetime:
        if self._began_at is None:
            raise ValueError("nothing was begun")
        return self._began_at
