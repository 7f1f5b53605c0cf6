"""The plans of late: a row for the listings, and a blob with all of a plan's changes.

A plan's id is its bundle and how long before the end of time it was made, so that rows come newest
first and a plan is found by its id alone. The same plan kept twice is one plan.

A plan's row stands in its bundle's partition, and a copy of it in the partition of all bundles.
"""

import json
from dataclasses import MISSING, fields
from datetime import datetime
from functools import partial
from typing import Any

from azure.data.tables import TableEntity

from adapters.tables.packing import gather, spread
from adapters.tables.plan_body import with_body, write_body
from adapters.tables.table import Table, Write, clip, countdown, insist, key, version_of
from adapters.warehouse.blobs import Blobs
from domain.errors import Conflict, Never
from domain.plan import Plan, PlanState
from domain.records import StoredPlan, stored_plan

_ALL = "~all"
_NOT_LISTED = ("changes", "waiting", "leaving", "spared", "names")
_LISTED = [field for field in fields(StoredPlan) if field.name not in _NOT_LISTED]
_HELD_TEXT = 16_000
_SENTENCE = 200
"""Characters that are left of a reason to hold, however many there are."""


class TablePlans:
    """The Plans port on Azure Tables and Blob Storage."""

    def __init__(self, table: Table, blobs: Blobs) -> None:
        self._table = table
        self._blobs = blobs

    async def keep(self, plan: Plan, run: str, at: datetime) -> StoredPlan:
        """Keep a plan with all of its changes."""
        stored = stored_plan(_id(plan, at), plan, run, at)
        # The body first: whatever is listed can be read.
        await self._blobs.write(_body_name(stored.id), write_body(stored))
        row = [Write("put", _row(stored.id), _values(stored))]
        await self._table.write(_partition(stored.id), row)
        await self._table.write(_ALL, row)
        return stored

    async def mark(self, plan: str, state: PlanState, by: str = "", because: str = "") -> None:
        """Note what became of a kept plan, by whose decision and why.

        Without both a name and a reason, those of an earlier decision stay. Marking again mends
        what a crash left half done.

        Raises:
            Never: there is no such plan.
        """
        if await self._table.get(_partition(plan), _row(plan)) is None:
            raise Never(f"There is no plan {plan}.")
        marks = {"state": str(state)}
        if by or because:
            marks |= {"decided_by": clip(by), "decided_because": clip(because)}
        await self._table.write(_partition(plan), [Write("merge", _row(plan), marks, "*")])
        await insist(partial(self._copy, plan))

    async def recent(self, limit: int, bundle: str | None = None) -> list[StoredPlan]:
        """Return the newest plans without who is concerned, newest first."""
        return [_read(entity) for entity in await self._table.scan(bundle or _ALL, limit=limit)]

    async def get(self, plan: str) -> StoredPlan | None:
        """Return one plan with all of its changes."""
        entity = await self._table.get(_partition(plan), _row(plan))
        body = await self._blobs.read(_body_name(plan)) if entity else None
        return with_body(_read(entity), body.body) if entity and body else None

    async def _copy(self, plan: str) -> None:
        """Copy a plan's row to the listing of all bundles; of many who mark it, the last one wins.

        Raises:
            Conflict: the row was marked meanwhile.
        """
        entity = await self._row_of(plan)
        values = {name: v for name, v in entity.items() if name not in ("PartitionKey", "RowKey")}
        await self._table.write(_ALL, [Write("put", _row(plan), values)])
        if version_of(await self._row_of(plan)) != version_of(entity):
            raise Conflict(f"Plan {plan} is being marked by someone else.")

    async def _row_of(self, plan: str) -> TableEntity:
        entity = await self._table.get(_partition(plan), _row(plan))
        if entity is None:
            raise Conflict(f"Plan {plan} is gone.")
        return entity


def _id(plan: Plan, at: datetime) -> str:
    return f"{plan.bundle}.{countdown(at)}-{plan.fingerprint[:8]}"


def _partition(plan: str) -> str:
    return plan.partition(".")[0]


def _row(plan: str) -> str:
    return key(plan.partition(".")[2])


def _body_name(plan: str) -> str:
    return f"{plan}.json.gz"


def _values(stored: StoredPlan) -> dict[str, Any]:
    values = {field.name: getattr(stored, field.name) for field in _LISTED}
    room = max(_SENTENCE, _HELD_TEXT // max(len(stored.held), 1))
    held = json.dumps([clip(reason, room) for reason in stored.held], ensure_ascii=False)
    return values | {"at": stored.at.isoformat(), **spread("held", held)}


def _read(entity: TableEntity) -> StoredPlan:
    # A row of an older version lacks what came later; that has a default.
    values = {
        field.name: entity[field.name]
        for field in _LISTED
        if field.default is MISSING or field.name in entity
    }
    at, held = datetime.fromisoformat(entity["at"]), tuple(json.loads(gather(entity, "held")))
    return StoredPlan(**{**values, "at": at, "held": held})
