"""The controls in one partition, so that using one and noting it is one transaction.

Rows: `s:pause` and `s:protected:{person}` for what stands, and `e:{counting down}-{digest}` for the
events, newest first. What stands is read by its prefix alone, however long the history is.

Every use joins the history, also one that changes nothing, such as pausing what is paused: people
want to know who tried, and why. The very same event, used again after an answer was lost, is one.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from azure.data.tables import TableEntity

from adapters.tables.table import Table, Write, clip, countdown, insist, key, version_of
from domain.controls import ControlEvent, Controls, Pause, Protection, Switch

_PARTITION = "controls"
_STANDING, _EVENT = "s:", "e:"
_PAUSE, _PROTECTED = _STANDING + "pause", _STANDING + "protected:"
_ON = (Switch.PAUSE, Switch.PROTECT)


class TableSwitches:
    """The Switches port on Azure Tables."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def read(self) -> Controls:
        """Return how the controls stand now."""
        rows = {e["RowKey"]: e for e in await self._table.scan(_PARTITION, _STANDING)}
        pause = rows.pop(_PAUSE, None)
        protected = [_read_protection(entity) for entity in rows.values()]
        return Controls(
            pause=_read_pause(pause) if pause else None,
            protected={protection.person: protection for protection in protected},
        )

    async def use(self, event: ControlEvent) -> None:
        """Pause, resume, protect or unprotect; the event joins the history in the same step.

        What is already so stays as it is, and the event joins the history all the same.

        Raises:
            Conflict: others were quicker, again and again.
        """
        await insist(partial(self._use, event))

    async def history(self, limit: int) -> list[ControlEvent]:
        """Return the newest events, newest first; those of one moment in no particular order."""
        entities = await self._table.scan(_PARTITION, _EVENT, limit=limit)
        return [_read_event(entity) for entity in entities]

    async def _use(self, event: ControlEvent) -> None:
        row = _PAUSE if event.switch in (Switch.PAUSE, Switch.RESUME) else _protected(event.person)
        standing = await self._table.get(_PARTITION, row)
        writes = [Write("put", _event_row(event), _event_values(event))]
        if event.switch in _ON and not standing:
            writes.append(Write("insert", row, _values(event)))
        if event.switch not in _ON and standing:
            writes.append(Write("remove", row, {}, version_of(standing)))
        await self._table.write(_PARTITION, writes)


def _protected(person: str) -> str:
    return _PROTECTED + key(person)


def _event_row(event: ControlEvent) -> str:
    what = "\n".join((event.switch, event.person, event.by, event.reason))
    return f"{_EVENT}{countdown(event.at)}-{hashlib.sha256(what.encode()).hexdigest()[:16]}"


def _event_values(event: ControlEvent) -> Mapping[str, Any]:
    return {"switch": str(event.switch), **_values(event)}


def _values(event: ControlEvent) -> dict[str, Any]:
    return {
        "person": event.person,
        "by": clip(event.by),
        "at": event.at.isoformat(),
        "reason": clip(event.reason),
    }


def _read_pause(entity: TableEntity) -> Pause:
    return Pause(entity["by"], datetime.fromisoformat(entity["at"]), entity["reason"])


def _read_protection(entity: TableEntity) -> Protection:
    at = datetime.fromisoformat(entity["at"])
    return Protection(entity["person"], entity["by"], at, entity["reason"])


def _read_event(entity: TableEntity) -> ControlEvent:
    return ControlEvent(
        switch=Switch(entity["switch"]),
        by=entity["by"],
        at=datetime.fromisoformat(entity["at"]),
        reason=entity["reason"],
        person=entity["person"],
    )
