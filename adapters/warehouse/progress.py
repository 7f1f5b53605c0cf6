"""How far an inventory has come, in blobs, so that another run can go on with it.

People are in parts already, which the snapshot will take over as they are. Pages of groups, and
what was said of managers, are kept as they were read and are read again. One small blob says which
of them there are, on which snapshot they lie, and where the next page is.
"""

import asyncio
import secrets
from dataclasses import dataclass, replace

import pyarrow as pa
from pydantic import TypeAdapter

from adapters.warehouse.blobs import Blobs
from adapters.warehouse.parts import Part
from domain.ports import GroupsPage, Reading
from domain.ports.directory import ManagerChange

FOLDER = "snapshots/unfinished/"
_NAME = "progress.json"
_CODEC, _SIZE = "zstd", 8

type Said = tuple[ManagerChange, ...]
type Pages = tuple[GroupsPage, ...]

_SAID: TypeAdapter[Said] = TypeAdapter(tuple[ManagerChange, ...])
_PAGES: TypeAdapter[Pages] = TypeAdapter(tuple[GroupsPage, ...])


@dataclass(frozen=True, slots=True)
class Saved:
    """What was read so far."""

    base: str
    """Version of the pointer to the snapshot that it lies on; empty for none."""
    anew: bool
    """Whether it lies on nothing: everyone is read."""
    also: tuple[str, ...]
    reading: Reading
    parts: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    """What was said of managers."""
    pages: tuple[str, ...] = ()
    """Of groups."""


_SAVED = TypeAdapter(Saved)


class Progress:
    """The progress of the one inventory that may be unfinished."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def saved(self) -> Saved | None:
        """Return what an earlier run saved, or None."""
        blob = await self._blobs.read(_NAME)
        return _SAVED.validate_json(blob.body) if blob and blob.body else None

    async def parts(self, saved: Saved) -> dict[str, Part] | None:
        """Return the parts by their blobs, or None where one is missing."""
        bodies = await asyncio.gather(*map(self._blobs.read, saved.parts))
        found = dict(zip(saved.parts, bodies, strict=True))
        parts = {name: Part(blob.body) for name, blob in found.items() if blob}
        return parts if len(parts) == len(found) else None

    async def rest(self, saved: Saved) -> tuple[list[Said], list[Pages]] | None:
        """Return the rest of what was read, in order, or None where some is missing."""
        bodies = await asyncio.gather(*map(self._blobs.read, (*saved.said, *saved.pages)))
        found = [_unpacked(blob.body) for blob in bodies if blob]
        if len(found) < len(bodies):
            return None
        said = [_SAID.validate_json(text) for text in found[: len(saved.said)]]
        return said, [_PAGES.validate_json(text) for text in found[len(saved.said) :]]

    async def save(self, saved: Saved, parts: dict[str, Part], said: Said, pages: Pages) -> Saved:
        """Write what is new and then that it is there; return what is saved now."""
        for name, part in parts.items():
            await self._blobs.write(name, part.body)
        new_said = [await self._write(_SAID.dump_json(said))] if said else []
        new_pages = [await self._write(_PAGES.dump_json(pages))] if pages else []
        saved = replace(
            saved,
            parts=(*saved.parts, *parts),
            said=(*saved.said, *new_said),
            pages=(*saved.pages, *new_pages),
        )
        await self._blobs.write(_NAME, _SAVED.dump_json(saved))
        return saved

    async def _write(self, text: bytes) -> str:
        packed = await asyncio.to_thread(pa.compress, text, _CODEC, asbytes=True)
        name = _new("json.zst")
        await self._blobs.write(name, len(text).to_bytes(_SIZE) + packed)
        return name

    async def forget(self) -> None:
        """Let the next run begin afresh."""
        await self._blobs.delete(_NAME)


def part_name() -> str:
    """Return a name for the blob of a part."""
    return _new("people.parquet")


def _new(end: str) -> str:
    return f"{FOLDER}{secrets.token_hex(8)}.{end}"


def _unpacked(body: bytes) -> bytes:
    size = int.from_bytes(body[:_SIZE])
    return bytes(pa.decompress(body[_SIZE:], size, _CODEC, asbytes=True))
