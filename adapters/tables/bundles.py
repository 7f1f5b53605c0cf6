"""The stored policies in one partition: a version, its history and its target are one write.

Rows: `latest:{bundle}`, `version:{bundle}:{counting down}` (newest first), and `target:{group}`,
which keeps two bundles from sharing a target even when they are stored at the same moment.
"""

from collections.abc import Sequence
from datetime import datetime

from azure.data.tables import TableEntity
from pydantic import ValidationError

from adapters.tables.table import Table, Write, clip, guarded, key, version_of
from domain.bundle import Bundle
from domain.errors import Never
from domain.records import StoredBundle

_PARTITION = "bundles"
_LATEST, _VERSION, _TARGET = "latest:", "version:", "target:"
_LAST = 10**9

MAX_JSON = 30_000
"""Characters of one bundle; a property of a row holds 32 K."""


class TableBundles:
    """The Bundles port on Azure Tables."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def all(self) -> list[StoredBundle]:
        """Return every bundle in its latest version, in order of id."""
        return [_read(entity) for entity in await self._table.scan(_PARTITION, _LATEST)]

    async def get(self, bundle: str) -> StoredBundle | None:
        """Return one bundle in its latest version."""
        entity = await self._table.get(_PARTITION, _LATEST + key(bundle))
        return _read(entity) if entity else None

    async def history(self, bundle: str) -> list[StoredBundle]:
        """Return every version of one bundle, newest first."""
        return [_read(e) for e in await self._table.scan(_PARTITION, f"{_VERSION}{key(bundle)}:")]

    async def put(self, bundle: Bundle, by: str, at: datetime) -> StoredBundle:
        """Store a bundle; unchanged content makes no new version.

        Raises:
            Conflict: someone else stored a version meanwhile.
            Never: the bundle is too long, or another one has the same target.
        """
        entity = await self._table.get(_PARTITION, _LATEST + bundle.id)
        before = _read(entity) if entity else None
        if before and before.bundle == bundle:
            return before
        holder = await self._table.get(_PARTITION, _TARGET + bundle.target.group)
        if holder and holder["bundle"] != bundle.id:
            raise Never(
                f"Bundle {holder['bundle']} already has group {bundle.target.group} as its target.",
                "Use a group of its own for each bundle.",
            )
        stored = StoredBundle(bundle, before.version + 1 if before else 1, at, by)
        version = version_of(entity) if entity else ""
        writes = [*_version_writes(stored, version), *_target_writes(before, stored)]
        await self._table.write(_PARTITION, writes)
        return stored


def _version_writes(stored: StoredBundle, version: str) -> list[Write]:
    values = {
        "bundle": _text(stored.bundle),
        "version": stored.version,
        "at": stored.at.isoformat(),
        "by": clip(stored.by),
    }
    id = stored.bundle.id
    return [
        guarded(_LATEST + id, values, version),
        Write("insert", f"{_VERSION}{id}:{_LAST - stored.version:09d}", values),
    ]


def _target_writes(before: StoredBundle | None, stored: StoredBundle) -> Sequence[Write]:
    old, new = before.bundle.target.group if before else None, stored.bundle.target.group
    if old == new:
        return []
    taken = Write("insert", _TARGET + new, {"bundle": stored.bundle.id})
    return [taken] if old is None else [taken, Write("remove", _TARGET + old, {}, "*")]


def _text(bundle: Bundle) -> str:
    text = bundle.model_dump_json()
    if len(text) > MAX_JSON:
        raise Never(
            f"Bundle {bundle.id} takes {len(text)} characters, and {MAX_JSON} can be stored.",
            "Put the people it lists into a group, and name that as a source group.",
        )
    return text


def _read(entity: TableEntity) -> StoredBundle:
    try:
        bundle = Bundle.model_validate_json(entity["bundle"])
    except ValidationError as error:
        reason = f"The stored bundle in row {entity['RowKey']} makes no sense any more: {error}"
        raise Never(reason, "Store it again.") from None
    at = datetime.fromisoformat(entity["at"])
    return StoredBundle(bundle, entity["version"], at, entity["by"])
