"""The Warehouse port on Blob Storage.

A snapshot is Parquet files that never change, and one pointer that is swapped once all of
them are there. Whoever reads follows the pointer, so a run that dies leaves nothing but litter.
"""

import asyncio
import gzip
import secrets
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from functools import partial

from adapters.warehouse.archive import Archive
from adapters.warehouse.blobs import Blob, Blobs
from adapters.warehouse.census import Census
from adapters.warehouse.draft import BlobDraft
from adapters.warehouse.manifest import (
    FOLDER,
    POINTER,
    Manifest,
    read_manifest,
    write_manifest,
)
from adapters.warehouse.progress import Progress, Saved
from adapters.warehouse.sheets import parquet_of
from adapters.warehouse.stored import Facts, Stored, read_facts
from adapters.warehouse.turn import hold_turn
from domain.errors import Later
from domain.inventory.retention import DEFAULT, read_retention
from domain.inventory.snapshot import Snapshot
from domain.ports import KeptSnapshot, Reading, Tokens
from domain.sheets import Sheet

_UNREAD = Reading(datetime.min.replace(tzinfo=UTC), Tokens())

_AT_ONCE = 8
"""Files on the wire at the same time."""

_LITTER = timedelta(hours=1)
"""Files that no kept snapshot needs are deleted at this age; younger ones may be a run's."""


class BlobWarehouse:
    """Snapshots in a container, the latest one also in memory."""

    def __init__(self, blobs: Blobs, retention: str = DEFAULT) -> None:
        self._blobs = blobs
        self._progress = Progress(blobs)
        self._archive = Archive(blobs, read_retention(retention))
        self._cached: Stored | None = None
        self._loading = asyncio.Lock()

    async def latest(self) -> Snapshot | None:
        """Return the latest complete snapshot, or None before the first."""
        stored = await self._stored()
        return stored.snapshot if stored and stored.manifest.has() else None

    async def snapshots(self) -> list[KeptSnapshot]:
        """Return the snapshots that are kept, the newest, which is the latest, first."""
        pointer = await self._blobs.read(POINTER)
        if pointer is None:
            return []
        latest, found = read_manifest(pointer.body), dict(await self._archive.all())
        found.pop(latest.id, None)
        past = sorted(found.values(), key=lambda one: (one.moment(), one.id), reverse=True)
        return [KeptSnapshot(one.id, one.moment(), one.counts) for one in (latest, *past)]

    async def snapshot(self, id: str) -> Snapshot | None:
        """Return a kept snapshot, or None where there is none of that id any more."""
        stored = await self._stored()
        if stored and stored.manifest.id == id:
            return stored.snapshot
        manifest = await self._archive.get(id)
        return Stored.of(manifest, "", await self._facts(manifest)).snapshot if manifest else None

    def parquet(self, sheet: Sheet) -> bytes:
        """Return a sheet as a Parquet file."""
        return parquet_of(sheet)

    async def begin(
        self, anew: bool = False, also: frozenset[str] = frozenset()
    ) -> tuple[BlobDraft, Tokens]:
        """Begin a snapshot from the latest one and its tokens, or from nothing.

        From nothing also where the latest one lacks an attribute that is wanted by now. One that
        is wanted no more is kept until something else asks for a full read.
        """
        stored = await self._stored()
        anew = anew or stored is None or not stored.manifest.has(also)
        wanted = Saved(stored.version if stored else "", anew, tuple(sorted(also)), _UNREAD)
        saved = await self._progress.saved()
        fits = saved and (saved.base, saved.also) == (wanted.base, wanted.also)
        draft = (
            await self._resumed(stored, saved) if saved and fits and saved.anew >= anew else None
        )
        return (draft, draft.starts) if draft else self._draft(stored, wanted)

    async def _resumed(self, stored: Stored | None, saved: Saved) -> BlobDraft | None:
        parts, rest = await self._progress.parts(saved), await self._progress.rest(saved)
        if parts is None or rest is None:
            return None
        draft, _ = self._draft(stored, saved)
        draft.resume(parts, *rest)
        return draft

    def _draft(self, stored: Stored | None, saved: Saved) -> tuple[BlobDraft, Tokens]:
        keep = partial(self._keep, stored)
        if saved.anew or stored is None:
            return BlobDraft(Facts(Census.empty(saved.also)), keep, self._progress, saved), Tokens()
        return BlobDraft(stored.facts, keep, self._progress, saved), stored.manifest.tokens

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

    def turn(self, patience: float = 0.0) -> AbstractAsyncContextManager[None]:
        """Hold the one right to decide, so that no two compiles promise the same seat.

        Args:
            patience: seconds to wait for it while another compile holds it.

        Raises:
            Later: another compile holds it for longer than that.
        """
        return hold_turn(self._blobs, "turn", patience)

    async def _people(self, name: str) -> frozenset[str] | None:
        blob = await self._blobs.read(name)
        return frozenset(gzip.decompress(blob.body).decode().split()) if blob else None

    async def _keep_people(self, name: str, people: frozenset[str]) -> None:
        lines = "\n".join(sorted(people))
        await self._blobs.write(name, gzip.compress(lines.encode(), compresslevel=1, mtime=0))

    async def _stored(self) -> Stored | None:
        async with self._loading:
            pointer = await self._blobs.read(POINTER)
            if pointer is None:
                self._cached = None
            elif self._cached is None or self._cached.version != pointer.version:
                self._cached = await self._load(pointer)
            return self._cached

    async def _load(self, pointer: Blob) -> Stored:
        manifest = read_manifest(pointer.body)
        return Stored.of(manifest, pointer.version, await self._facts(manifest))

    async def _facts(self, manifest: Manifest) -> Facts:
        blobs = await asyncio.gather(*map(self._blobs.read, manifest.files.values()))
        if None in blobs:
            raise Later("The snapshot was replaced while it was read.", after=1.0)
        files = {kind: blob.body for kind, blob in zip(manifest.files, blobs, strict=True) if blob}
        return await asyncio.to_thread(read_facts, files)

    async def _keep(
        self,
        since: Stored | None,
        taken_at: datetime,
        facts: Facts,
        tokens: Tokens,
        written: Mapping[int, str],
    ) -> Snapshot:
        id = f"{taken_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        names = _names(since, facts, f"{FOLDER}{id}/", written)
        new = {
            name: facts.files[kind] for kind, name in names.items() if name.startswith(FOLDER + id)
        }
        await self._write(new)
        manifest = Manifest(
            id=id,
            taken_at=taken_at.isoformat(),
            files=names,
            counts=facts.counts(),
            tokens=tokens,
            attributes=tuple(facts.census.columns),
            earlier=since.manifest.history() if since else (),
        )
        if since:
            await self._archive.put(since.manifest)
        version = since.version if since else ""
        version = await self._blobs.swap(POINTER, write_manifest(manifest), version)
        self._cached = Stored.of(manifest, version, facts)
        await self._clean(manifest, taken_at)
        return self._cached.snapshot

    async def _write(self, bodies: dict[str, bytes]) -> None:
        smallest = min(bodies, key=lambda name: len(bodies[name]), default=None)
        if smallest is not None:  # the first file ever makes the container, in one request
            await self._blobs.write(smallest, bodies.pop(smallest))
        room = asyncio.Semaphore(_AT_ONCE)

        async def write(name: str) -> None:
            async with room:
                await self._blobs.write(name, bodies[name])

        await asyncio.gather(*map(write, bodies))

    async def _clean(self, manifest: Manifest, now: datetime) -> None:
        written = await self._blobs.names(FOLDER)
        needed = manifest.needed() | await self._archive.thin(manifest, now)
        for name in written.keys() - needed:
            if written[name] < now - _LITTER:
                await self._blobs.delete(name)


def _names(
    since: Stored | None, facts: Facts, folder: str, written: Mapping[int, str]
) -> dict[str, str]:
    """Return a blob for every file: the one it is in already, or a new one in the folder.

    Args:
        since: the snapshot before.
        facts: what is to be on file.
        folder: where new files go.
        written: files by identity that are in a blob already.
    """
    there = dict(written)
    if since:
        files = since.manifest.files
        there |= {id(body): files[kind] for kind, body in since.facts.files.items()}
    return {
        kind: there.get(id(body), f"{folder}{kind}.parquet") for kind, body in facts.files.items()
    }
