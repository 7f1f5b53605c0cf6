"""A past snapshot, in memory for whoever looks at it: an export asks for it part by part."""

import asyncio

from adapters.warehouse.archive import Archive
from adapters.warehouse.latest import Latest
from adapters.warehouse.stored import Stored


class Past:
    """One past snapshot, that was asked for last; of a million people it takes seconds to load."""

    def __init__(self, archive: Archive, latest: Latest) -> None:
        self._archive = archive
        self._latest = latest
        self._held: Stored | None = None
        self._loading = asyncio.Lock()

    async def stored(self, id: str) -> Stored | None:
        """Return a past snapshot, or None where there is none of that id any more."""
        async with self._loading:
            manifest = await self._archive.get(id)
            if self._held is None or self._held.manifest != manifest:
                self._held = None  # or two would be in memory while this one is loaded
                if manifest is not None:
                    facts = await self._latest.facts(manifest)
                    self._held = Stored.of(manifest, "", facts)
            return self._held

    def let_go(self) -> None:
        """Keep it no longer: what needs the memory more begins."""
        self._held = None
