"""The archive: the manifests of past snapshots, thinned with age.

A manifest comes here before another takes its place as the latest, so whatever was the latest once
is here until retention lets it go. Files that no manifest names any more are deleted by whoever
cleans up; the manifest goes first.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from adapters.warehouse.blobs import Blobs
from adapters.warehouse.manifest import Manifest, read_manifest, write_manifest
from domain.inventory.retention import Retention

FOLDER = "manifests/"


class Archive:
    """Past snapshots of one container, by their manifests."""

    def __init__(self, blobs: Blobs, retention: Retention) -> None:
        self._blobs = blobs
        self._retention = retention
        self._read: dict[str, Manifest] = {}
        """A manifest of the past never changes."""

    async def put(self, manifest: Manifest) -> None:
        """Keep the manifest of a snapshot that was the latest."""
        if self._read.get(manifest.id) != manifest:
            await self._blobs.write(_name(manifest.id), write_manifest(manifest))
            self._read[manifest.id] = manifest

    async def all(self) -> Mapping[str, Manifest]:
        """Return every manifest by id."""
        names = await self._blobs.names(FOLDER)
        ids = [name.removeprefix(FOLDER).removesuffix(".json") for name in names]
        found = await asyncio.gather(*map(self.get, ids))
        return {each.id: each for each in found if each}

    async def get(self, id: str) -> Manifest | None:
        """Return one manifest, or None."""
        if id not in self._read:
            blob = await self._blobs.read(_name(id))
            if blob is None:
                return None
            self._read[id] = read_manifest(blob.body)
        return self._read[id]

    async def thin(self, latest: Manifest, now: datetime) -> frozenset[str]:
        """Let go of what is not to be kept, and return the files that the others need."""
        there = {**await self.all(), latest.id: latest}
        began = {id: manifest.moment() for id, manifest in there.items()}
        ended = {id: manifest.seen() for id, manifest in there.items()}
        keeps = self._retention.keeps
        kept = keeps(began, now) | keeps(ended, now) | {latest.id}
        for id in there.keys() - kept:
            await self._blobs.delete(_name(id))
            self._read.pop(id, None)
        return frozenset(file for id in kept for file in there[id].files.values())


def _name(id: str) -> str:
    return f"{FOLDER}{id}.json"
