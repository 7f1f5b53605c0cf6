"""The latest snapshot: what the pointer says, and its files once somebody needs them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.warehouse.blobs import Blob, Blobs
from adapters.warehouse.files import read_products
from adapters.warehouse.manifest import POINTER, Manifest, read_manifest
from adapters.warehouse.stored import PRODUCTS, Facts, Stored, read_facts
from domain.errors import Later
from domain.inventory.product import Product


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which snapshot is the latest, as somebody read it."""

    manifest: Manifest
    version: str


class Latest:
    """Follows the pointer; the latest snapshot is also in memory once it was read."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._held: Stored | None = None
        self._loading = asyncio.Lock()

    async def pointer(self) -> Pointer | None:
        """Return what the pointer says, or None before the first snapshot."""
        blob = await self._blobs.read(POINTER)
        return Pointer(read_manifest(blob.body), blob.version) if blob else None

    async def stored(self) -> Stored | None:
        """Return the latest snapshot, or None before the first."""
        async with self._loading:
            pointer = await self.pointer()
            if pointer is None:
                self._held = None
            elif self._held is None or self._held.version != pointer.version:
                facts = await self._facts(pointer.manifest)
                self._held = Stored.of(pointer.manifest, pointer.version, facts)
            return self._held

    async def facts(self, manifest: Manifest) -> Facts:
        """Return what is in a snapshot."""
        async with self._loading:
            return await self._facts(manifest)

    async def products(self, manifest: Manifest) -> Mapping[str, Product]:
        """Return the products of a snapshot, and read nothing else of it."""
        if self._held and self._held.manifest.id == manifest.id:
            return self._held.facts.products
        (blob,) = await self._read([manifest.files[PRODUCTS]])
        return read_products(blob.body)

    def hold(self, stored: Stored) -> None:
        """Keep what has just been made the latest."""
        self._held = stored

    def renew(self, manifest: Manifest, version: str) -> None:
        """Note that the pointer says something new of the same files."""
        if self._held and self._held.manifest.id == manifest.id:
            self._held = Stored.of(manifest, version, self._held.facts)

    async def _facts(self, manifest: Manifest) -> Facts:
        held = self._held
        if held and held.manifest.id == manifest.id:
            return held.facts
        there = {}
        if held:
            there = {name: held.facts.files[kind] for kind, name in held.manifest.files.items()}
        missing = [name for name in manifest.files.values() if name not in there]
        blobs = await self._read(missing)
        there |= {name: blob.body for name, blob in zip(missing, blobs, strict=True)}
        files = {kind: there[name] for kind, name in manifest.files.items()}
        return await asyncio.to_thread(read_facts, files)

    async def _read(self, names: list[str]) -> list[Blob]:
        blobs = await asyncio.gather(*map(self._blobs.read, names))
        found = [blob for blob in blobs if blob]
        if len(found) < len(names):
            raise Later("The snapshot was replaced while it was read.", after=1.0)
        return found
