"""The Warehouse port on Blob Storage.

A snapshot is Parquet files that never change, and one pointer that is swapped once all of
them are there. Whoever reads follows the pointer, so a run that dies leaves nothing but litter.
"""

import gzip
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from pydantic import TypeAdapter

from adapters.warehouse.archive import Archive
from adapters.warehouse.blobs import Blobs
from adapters.warehouse.draft import BlobDraft
from adapters.warehouse.latest import Latest, Pointer
from adapters.warehouse.past import Past
from adapters.warehouse.progress import Progress, Saved
from adapters.warehouse.sheets import parquet_of
from adapters.warehouse.since import Since
from adapters.warehouse.turn import hold_turn, hold_turn_to_decide
from domain.inventory.retention import DEFAULT, read_retention
from domain.inventory.snapshot import Snapshot
from domain.ports import KeptSnapshot, Reading, Tokens, Turn
from domain.ports.shelves import Failure
from domain.sheets import Sheet

_FAILURE, _FAILURES = "failure.json", TypeAdapter(Failure)
_UNREAD = Reading(datetime.min.replace(tzinfo=UTC), Tokens())


class BlobWarehouse:
    """Snapshots in a container, the latest one also in memory, and a past one for a while."""

    def __init__(self, blobs: Blobs, retention: str = DEFAULT) -> None:
        self._blobs = blobs
        self._progress = Progress(blobs)
        self._archive = Archive(blobs, read_retention(retention))
        self._latest = Latest(blobs)
        self._past = Past(self._archive, self._latest)

    async def latest(self) -> Snapshot | None:
        """Return the latest complete snapshot, or None before the first."""
        stored = await self._latest.stored()
        return stored.snapshot if stored and stored.manifest.has() else None

    async def unfinished(self) -> Reading | None:
        """Return how far an inventory has come that is not complete yet, or None."""
        saved = await self._progress.saved()
        return saved.reading if saved else None

    async def note(self, failure: Failure) -> None:
        """Keep why the latest inventory failed."""
        await self._blobs.write(_FAILURE, _FAILURES.dump_json(failure))

    async def failure(self) -> Failure | None:
        """Return why the latest inventory that failed did; None where none ever did."""
        blob = await self._blobs.read(_FAILURE)
        return _FAILURES.validate_json(blob.body) if blob else None

    async def newest(self) -> KeptSnapshot | None:
        """Return when the latest was taken and what it counts, without reading it; or None."""
        pointer = await self._latest.pointer()
        return pointer.manifest.kept() if pointer and pointer.manifest.has() else None

    async def snapshots(self) -> list[KeptSnapshot]:
        """Return the snapshots that are kept, the newest, which is the latest, first."""
        pointer = await self._latest.pointer()
        if pointer is None:
            return []
        latest, found = pointer.manifest, dict(await self._archive.all())
        found.pop(latest.id, None)
        past = sorted(found.values(), key=lambda one: (one.moment(), one.id), reverse=True)
        return [one.kept() for one in (latest, *past)]

    async def snapshot(self, id: str) -> Snapshot | None:
        """Return a kept snapshot, or None where there is none of that id any more."""
        pointer = await self._latest.pointer()
        newest = pointer is not None and pointer.manifest.id == id
        stored = await self._latest.stored() if newest else None
        if stored is None or stored.manifest.id != id:  # or no longer the latest
            stored = await self._past.stored(id)
        return stored.snapshot if stored else None

    def parquet(self, sheets: Iterable[Sheet]) -> bytes:
        """Return the pieces of a sheet as one Parquet file."""
        return parquet_of(sheets)

    async def begin(
        self, anew: bool = False, also: frozenset[str] = frozenset()
    ) -> tuple[BlobDraft, Tokens]:
        """Begin a snapshot from the latest one and its tokens, or from nothing.

        From nothing also where the latest one lacks an attribute that is wanted by now. One that
        is wanted no more is kept until something else asks for a full read.
        """
        self._past.let_go()
        pointer = await self._latest.pointer()
        anew = anew or pointer is None or not pointer.manifest.has(also)
        wanted = Saved(pointer.version if pointer else "", anew, tuple(sorted(also)), _UNREAD)
        saved = await self._progress.saved()
        fits = saved and (saved.base, saved.also) == (wanted.base, wanted.also)
        draft = (
            await self._resumed(pointer, saved) if saved and fits and saved.anew >= anew else None
        )
        return (draft, draft.starts) if draft else self._draft(pointer, wanted)

    async def _resumed(self, pointer: Pointer | None, saved: Saved) -> BlobDraft | None:
        parts, rest = await self._progress.parts(saved), await self._progress.rest(saved)
        if parts is None or rest is None:
            return None
        draft, _ = self._draft(pointer, saved)
        draft.resume(parts, *rest)
        return draft

    def _draft(self, pointer: Pointer | None, saved: Saved) -> tuple[BlobDraft, Tokens]:
        anew = saved.anew or pointer is None
        also = frozenset(saved.also) if anew else None
        since = Since(self._blobs, self._archive, self._latest, pointer, also)
        tokens = pointer.manifest.tokens if pointer and not anew else Tokens()
        return BlobDraft(since, self._progress, saved), tokens

    async def adopted(self, bundle: str) -> frozenset[str]:
        """Return the people adopted by a bundle."""
        return await self._people(f"adopted/{bundle}.gz") or frozenset()

    async def adopt(self, bundle: str, people: frozenset[str]) -> None:
        """Keep the whole set of people adopted by a bundle."""
        await self._keep_people(f"adopted/{bundle}.gz", people)

    async def seen(self, bundle: str) -> frozenset[str] | None:
        """Return the members of a bundle's target when they were last looked at, or None."""
        return await self._people(f"seen/{bundle}.gz")

    async def see(self, bundle: str, people: frozenset[str]) -> None:
        """Keep the members of a bundle's target as they are seen."""
        await self._keep_people(f"seen/{bundle}.gz", people)

    def inventorying(self, patience: float = 0.0) -> AbstractAsyncContextManager[None]:
        """Hold the one right to read the tenant.

        Raises:
            Busy: another process holds it for longer than `patience` seconds.
        """
        return hold_turn(self._blobs, "inventory", patience)

    def compiling(self, patience: float = 0.0) -> AbstractAsyncContextManager[None]:
        """Hold the one right to compile everything.

        Raises:
            Busy: another process holds it for longer than `patience` seconds.
        """
        self._past.let_go()
        return hold_turn(self._blobs, "compile", patience)

    def turn(
        self, patience: float = 0.0, *, urgent: bool = False
    ) -> AbstractAsyncContextManager[Turn]:
        """Hold the one right to decide, so that no two compiles promise the same seat.

        Args:
            patience: seconds to wait for it while another compile holds it.
            urgent: see the port.

        Raises:
            Later: another compile holds it for longer than that.
        """
        return hold_turn_to_decide(self._blobs, patience, urgent=urgent)

    async def _people(self, name: str) -> frozenset[str] | None:
        blob = await self._blobs.read(name)
        return frozenset(gzip.decompress(blob.body).decode().split()) if blob else None

    async def _keep_people(self, name: str, people: frozenset[str]) -> None:
        lines = "\n".join(sorted(people))
        await self._blobs.write(name, gzip.compress(lines.encode(), compresslevel=1, mtime=0))
