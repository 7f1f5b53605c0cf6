"""The further kinds of facts in Blob Storage.

Files are immutable. A kind's pointer is swapped by its ETag, and only when a read is complete or
says that it is not; a lease lets one run at a time fill a shelf.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from adapters.shelves.filling import BlobFilling, pointer_name
from adapters.shelves.parts import count, rows_of, tables
from adapters.shelves.pointer import Pointer, read_pointer
from adapters.warehouse.blobs import Blobs
from adapters.warehouse.turn import hold_turn
from domain.errors import Busy, Later, Never
from domain.kinds import Kind
from domain.kinds.kind import Row
from domain.ports.shelves import Shelf


class BlobShelves:
    """The Shelves port over one container."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def stand(self, kinds: Iterable[Kind]) -> Mapping[str, Shelf]:
        """Return how each kind stands, by name."""
        each = list(kinds)
        pointers = await asyncio.gather(*map(self._pointer, each))
        return {kind.name: pointer.shelf for kind, pointer in zip(each, pointers, strict=True)}

    async def rows(self, kind: Kind, skip: int = 0) -> AsyncIterator[Sequence[Row]]:
        """Yield the rows of the latest complete read, some thousands at a time."""
        async for body in self._files(kind):
            here = count(body)
            if skip < here:
                for rows in rows_of(kind, body, skip):
                    yield rows
            skip = max(0, skip - here)

    async def tables(self, kind: Kind) -> AsyncIterator[Any]:
        """Yield likewise, as Arrow record batches: for whoever writes files of them."""
        async for body in self._files(kind):
            for table in tables(body):
                yield table

    @asynccontextmanager
    async def fill(self, kind: Kind) -> AsyncIterator[BlobFilling | None]:
        """Hold the kind's lease and let its shelf be filled; None while another run holds it."""
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(hold_turn(self._blobs, f"{kind.name}/turn"))
            except Busy:
                yield None
            else:
                yield await BlobFilling.of(self._blobs, kind)

    async def _files(self, kind: Kind) -> AsyncIterator[bytes]:
        pointer = await self._pointer(kind)
        if pointer.shelf.load is None:
            raise Never(f"There is no complete read of {kind.name} yet.", f"See {kind.switch}.")
        for name in pointer.parts:
            blob = await self._blobs.read(name)
            if blob is None:
                raise Later(f"{kind.name} was replaced while it was read.", after=1.0)
            yield blob.body

    async def _pointer(self, kind: Kind) -> Pointer:
        found = await self._blobs.read(pointer_name(kind))
        return read_pointer(found.body) if found else Pointer()
