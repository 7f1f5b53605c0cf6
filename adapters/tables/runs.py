"""Runs of inventory and compile: a row each."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from azure.data.tables import TableEntity

from adapters.tables.table import Table, Write, clip, key
from domain.records import Run, RunState

_PARTITION = "runs"


class TableRuns:
    """The Runs port on Azure Tables."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def keep(self, run: Run) -> None:
        """Write a run as it stands."""
        await self._table.write(_PARTITION, [Write("put", key(run.id), _values(run))])

    async def get(self, run: str) -> Run | None:
        """Return one run."""
        entity = await self._table.get(_PARTITION, key(run))
        return _read(entity) if entity else None


def _values(run: Run) -> dict[str, Any]:
    values = asdict(run) | {"state": str(run.state), "started_at": run.started_at.isoformat()}
    values["finished_at"] = run.finished_at.isoformat() if run.finished_at else None
    values["reason"] = None if run.reason is None else clip(run.reason)
    # A property without a value is no property.
    return {name: value for name, value in values.items() if value is not None}


def _read(entity: TableEntity) -> Run:
    finished = entity.get("finished_at")
    return Run(
        id=entity["id"],
        state=RunState(entity["state"]),
        started_at=datetime.fromisoformat(entity["started_at"]),
        finished_at=datetime.fromisoformat(finished) if finished else None,
        people=entity["people"],
        bundles=entity["bundles"],
        changes=entity["changes"],
        reason=entity.get("reason"),
    )
