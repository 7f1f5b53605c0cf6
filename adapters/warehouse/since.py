"""What a draft begins from, and how the next snapshot takes its place.

Where nothing changed, nothing but the pointer is written: it says since when the facts are as they
are, when that was last seen, and where the next reading begins.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.warehouse.archive import Archive
from adapters.warehouse.blobs import Blobs
from adapters.warehouse.census import Census
from adapters.warehouse.latest import Latest, Pointer
from adapters.warehouse.manifest import FOLDER, POINTER, Manifest, write_manifest
from adapters.warehouse.stored import Facts, Stored
from domain.attributes import on_demand
from domain.concurrency import each
from domain.inventory.product import Product
from domain.ports import Tokens

_LITTER = timedelta(hours=1)
"""Files that no kept snapshot needs are deleted at this age; younger ones may be a run's."""


class Since:
    """The snapshot that a draft begins from, or nothing."""

    def __init__(
        self,
        blobs: Blobs,
        archive: Archive,
        latest: Latest,
        pointer: Pointer | None,
        anew: frozenset[str] | None = None,
    ) -> None:
        """Take what is there.

        Args:
            blobs: where the files are.
            archive: where past snapshots go.
            latest: has what is in memory.
            pointer: what was the latest when the draft began.
            anew: the attributes on demand of a draft that begins from nothing.
        """
        self._blobs = blobs
        self._archive = archive
        self._latest = latest
        self._pointer = pointer
        self._anew = anew
        self._facts: Facts | None = None

    @property
    def also(self) -> frozenset[str]:
        """The attributes on demand that there are."""
        if self._anew is not None or self._pointer is None:
            return self._anew or frozenset()
        return on_demand(self._pointer.manifest.attributes)

    async def products(self) -> Mapping[str, Product] | None:
        """Return the products; None where the draft begins from nothing."""
        if self._anew is not None or self._pointer is None:
            return None
        return await self._latest.products(self._pointer.manifest)

    async def facts(self) -> Facts:
        """Return everything."""
        if self._facts is None:
            if self._anew is not None or self._pointer is None:
                self._facts = Facts(Census.empty(self.also))
            else:
                self._facts = await self._latest.facts(self._pointer.manifest)
        return self._facts

    async def renew(self, taken_at: datetime, tokens: Tokens) -> Manifest:
        """Say that everything is as it was.

        Raises:
            Conflict: another run made a later snapshot meanwhile; nothing was changed.
        """
        assert self._pointer is not None
        before = self._pointer.manifest
        manifest = replace(before, seen_at=taken_at.isoformat(), tokens=tokens)
        version = await self._blobs.swap(POINTER, write_manifest(manifest), self._pointer.version)
        self._latest.renew(manifest, version)
        if _hour(before.seen()) != _hour(taken_at):  # or past snapshots would stay for ever
            await self._clean(manifest, taken_at)
        return manifest

    async def write(
        self, taken_at: datetime, facts: Facts, tokens: Tokens, written: Mapping[int, str]
    ) -> Manifest:
        """Write what is new and make it the latest.

        Args:
            taken_at: when the reading began.
            facts: what there is now.
            tokens: where the next reading begins.
            written: files by identity that are in a blob already.

        Raises:
            Conflict: another run made a later snapshot meanwhile; nothing was changed.
        """
        id = f"{taken_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        names = self._names(facts, f"{FOLDER}{id}/", written)
        new = {
            name: facts.files[kind] for kind, name in names.items() if name.startswith(FOLDER + id)
        }
        await self._write_all(new)
        before = self._pointer.manifest if self._pointer else None
        manifest = Manifest(
            id=id,
            taken_at=taken_at.isoformat(),
            files=names,
            counts=facts.counts(),
            tokens=tokens,
            attributes=tuple(facts.census.columns),
            earlier=before.history() if before else (),
        )
        if before:
            await self._archive.put(before)
        version = self._pointer.version if self._pointer else ""
        version = await self._blobs.swap(POINTER, write_manifest(manifest), version)
        self._latest.hold(Stored.of(manifest, version, facts))
        await self._clean(manifest, taken_at)
        return manifest

    def _names(self, facts: Facts, folder: str, written: Mapping[int, str]) -> dict[str, str]:
        """Return a blob for every file: the one it is in already, or a new one in the folder."""
        there = dict(written)
        if self._pointer and self._facts and self._anew is None:
            files = self._pointer.manifest.files
            there |= {id(body): files[kind] for kind, body in self._facts.files.items()}
        return {
            kind: there.get(id(body), f"{folder}{kind}.parquet")
            for kind, body in facts.files.items()
        }

    async def _write_all(self, bodies: dict[str, bytes]) -> None:
        smallest = min(bodies, key=lambda name: len(bodies[name]), default=None)
        if smallest is not None:  # the first file ever makes the container, in one request
            await self._blobs.write(smallest, bodies.pop(smallest))

        async def write(name: str) -> None:
            await self._blobs.write(name, bodies[name])

        await each(write, bodies)

    async def _clean(self, manifest: Manifest, now: datetime) -> None:
        written = await self._blobs.names(FOLDER)
        needed = manifest.needed() | await self._archive.thin(manifest, now)
        for name in written.keys() - needed:
            if written[name] < now - _LITTER:
                await self._blobs.delete(name)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
