"""The plans of late: a row for the listings, and a blob with all of a plan's changes.

A plan's id is its bundle and how long before the end of time it was made, so that rows come newest
first and a plan is found by its id alone. The same plan kept twice is one plan.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from azure.data.tables import TableEntity

from adapters.tables.packing import pack, unpack
from adapters.tables.table import Table, Write, clip, key
from adapters.warehouse.blobs import Blobs
from domain.ledger import Wait
from domain.plan import Plan
from domain.records import StoredPlan, stored_plan

_ALL = "~all"
_END_OF_TIME = 10**16
"""In microseconds since 1970: the year 2286."""
_HELD_TEXT = 16_000
_LISTED = [f.name for f in fields(StoredPlan) if f.name not in ("changes", "waiting")]


class TablePlans:
    """The Plans port on Azure Tables and Blob Storage."""

    def __init__(self, table: Table, blobs: Blobs) -> None:
        self._table = table
        self._blobs = blobs

    async def keep(self, plan: Plan, run: str, at: datetime) -> StoredPlan:
        """Keep a plan with all of its changes."""
        stored = _stored(plan, run, at)
        # The body first: whatever is listed can be read.
        await self._blobs.write(_body_name(stored.id), _write_body(stored))
        row = [Write("put", _row(stored.id), _values(stored))]
        await self._table.write(stored.bundle, row)
        await self._table.write(_ALL, row)
        return stored

    async def recent(self, limit: int, bundle: str | None = None) -> list[StoredPlan]:
        """Return the newest plans without their changes, newest first."""
        return [_read(entity) for entity in await self._table.scan(bundle or _ALL, limit=limit)]

    async def get(self, plan: str) -> StoredPlan | None:
        """Return one plan with all of its changes."""
        entity = await self._table.get(plan.partition(".")[0], _row(plan))
        body = await self._blobs.read(_body_name(plan)) if entity else None
        return _with_body(_read(entity), body.body) if entity and body else None


def _stored(plan: Plan, run: str, at: datetime) -> StoredPlan:
    left = _END_OF_TIME - round(at.timestamp() * 1_000_000)
    return stored_plan(f"{plan.bundle}.{left:016d}-{plan.fingerprint[:8]}", plan, run, at)


def _row(plan: str) -> str:
    return key(plan.partition(".")[2])


def _body_name(plan: str) -> str:
    return f"{plan}.json.gz"


def _values(stored: StoredPlan) -> dict[str, Any]:
    values = {name: getattr(stored, name) for name in _LISTED}
    held = [clip(reason) for reason in stored.held]
    return values | {"at": stored.at.isoformat(), "held": json.dumps(held, ensure_ascii=False)}


def _read(entity: TableEntity) -> StoredPlan:
    values: Mapping[str, Any] = {name: entity[name] for name in _LISTED}
    at, held = datetime.fromisoformat(entity["at"]), tuple(json.loads(entity["held"]))
    return StoredPlan(**{**values, "at": at, "held": held})


def _write_body(stored: StoredPlan) -> bytes:
    changes, reasons = pack(stored.changes)
    waiting = [(wait.person, wait.since, wait.reason) for wait in stored.waiting]
    body = {"reasons": reasons, "changes": changes, "waiting": waiting}
    return gzip.compress(json.dumps(body, ensure_ascii=False).encode(), compresslevel=6, mtime=0)


def _with_body(listed: StoredPlan, body: bytes) -> StoredPlan:
    data = json.loads(gzip.decompress(body))
    waiting = tuple(Wait(*wait) for wait in data["waiting"])
    return replace(listed, changes=unpack(data["changes"], data["reasons"]), waiting=waiting)
