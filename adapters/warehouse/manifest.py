"""The pointer to the latest snapshot: which files it is made of, and where the next one begins."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from domain.attributes import SOURCES
from domain.ports import KeptSnapshot, Tokens

POINTER = "latest.json"
FOLDER = "snapshots/"

_KEEP = 3
"""Earlier snapshots whose files stay: whoever is still reading one can end in peace."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One snapshot, by its files."""

    id: str
    taken_at: str
    """When the reading began that found it so first; ISO 8601, UTC."""
    files: Mapping[str, str]
    """Kind of fact -> blob; a kind that did not change keeps its blob."""
    counts: Mapping[str, int]
    tokens: Tokens
    earlier: tuple[tuple[str, ...], ...] = ()
    """The blobs of the snapshots before, newest first."""
    attributes: tuple[str, ...] = tuple(SOURCES)
    """The attributes that were read."""
    seen_at: str = ""
    """When the latest reading began that found nothing changed; empty where there was none."""

    def has(self, also: frozenset[str] = frozenset()) -> bool:
        """Tell whether all that is always inventoried was read, and these attributes on demand.

        Unknown is not empty: a snapshot that lacks an attribute says nothing about it.
        """
        return also.union(SOURCES) <= set(self.attributes)

    def moment(self) -> datetime:
        """Return since when the tenant was found so."""
        return datetime.fromisoformat(self.taken_at)

    def seen(self) -> datetime:
        """Return when it was last found so."""
        return datetime.fromisoformat(self.seen_at or self.taken_at)

    def kept(self) -> KeptSnapshot:
        """Return what there is to say of it in a list."""
        return KeptSnapshot(self.id, self.moment(), self.seen(), self.counts)

    def history(self) -> tuple[tuple[str, ...], ...]:
        """Return what the next manifest has to say of the snapshots before it."""
        return (tuple(sorted(self.files.values())), *self.earlier)[:_KEEP]

    def needed(self) -> set[str]:
        """Return every blob that is not to be deleted."""
        return set(self.files.values()).union(*self.earlier)


def write_manifest(manifest: Manifest) -> bytes:
    """Return a manifest as JSON."""
    return json.dumps({"version": 1, **asdict(manifest)}, indent=1).encode()


def read_manifest(body: bytes) -> Manifest:
    """Return a manifest as it was written."""
    data = json.loads(body)
    del data["version"]
    return Manifest(
        **data
        | {
            "tokens": Tokens(**data["tokens"]),
            "earlier": tuple(map(tuple, data["earlier"])),
            "attributes": tuple(data["attributes"]),
        }
    )
