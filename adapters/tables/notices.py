"""The Notices port on Azure Tables: a row each, in order of time.

What a notice tells is one text, an object a line, so that thousands of them fit a row.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from azure.data.tables import TableEntity

from adapters.tables.limits import in_transactions
from adapters.tables.packing import gather, spread
from adapters.tables.table import Table, Write, key, version_of
from domain.errors import Conflict
from domain.notice import Mention, Notice, What

_PARTITION = "notices"
_STATE, _COMPILED = "state", "compiled"
_OPEN = "open"
_BODY = 500_000
"""Bytes in a transaction: the event loop answers webhooks while none is being sent."""
_LETTERS = {What.PERSON: "p", What.GROUP: "g", What.JOINED: "+", What.LEFT: "-"}
_WHATS = {letter: what for what, letter in _LETTERS.items()}
_OF_GROUP = "="


class TableNotices:
    """The Notices port on Azure Tables."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def keep(self, notices: Sequence[Notice]) -> None:
        """Write notices down; one that is there already is written over."""
        await self._write(Write("put", _row(notice), _values(notice)) for notice in notices)

    async def open(self) -> list[Notice]:
        """Return those that were not followed yet, oldest first."""
        found = await self._table.scan(_PARTITION, among=("state", [_OPEN]))
        return _all(found)

    async def since(self, at: datetime) -> list[Notice]:
        """Return those that came at a moment or later, oldest first."""
        found = await self._table.scan(_PARTITION, "n", after=_moment(at))
        return _all(found)

    async def follow(self, notices: Sequence[Notice], looks: Mapping[str, str]) -> None:
        """Note that these were followed, and what was seen of people on that occasion."""
        await self._write(
            Write("merge", _row(notice), {"state": "", **spread("looks", _looks(notice, looks))})
            for notice in notices
        )

    async def compiled(self) -> datetime | None:
        """Return when the inventory was taken on which everything was compiled last."""
        entity = await self._table.get(_STATE, _COMPILED)
        return datetime.fromisoformat(entity["at"]) if entity else None

    async def note_compiled(self, taken_at: datetime) -> None:
        """Note that everything was compiled on the inventory of this moment."""
        await self._table.write(_STATE, [Write("put", _COMPILED, {"at": taken_at.isoformat()})])

    async def forget(self, before: datetime) -> None:
        """Drop what came before a moment."""
        old = await self._table.scan(_PARTITION, select=["PartitionKey"])
        end = _moment(before)
        gone = [entity for entity in old if entity["RowKey"] < end]
        try:
            await self._write(
                Write("remove", entity["RowKey"], {}, version_of(entity)) for entity in gone
            )
        except Conflict:
            return  # somebody else forgets, too

    async def _write(self, writes: Iterable[Write]) -> None:
        for some in in_transactions(([write] for write in writes), _BODY):
            await self._table.write(_PARTITION, some)


def _moment(at: datetime) -> str:
    return f"n{round(at.timestamp() * 1_000_000):016d}"


def _row(notice: Notice) -> str:
    return f"{_moment(notice.at)}:{key(notice.id)}"


def _values(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "at": notice.at.astimezone(UTC).isoformat(),
        "counts": json.dumps(dict(notice.counts)),
        "lags": json.dumps([round(lag, 3) for lag in notice.lags]),
        "state": "" if notice.followed else _OPEN,
        **spread("told", "\n".join(_lines(notice.mentions))),
    }


def _all(found: Iterable[TableEntity]) -> list[Notice]:
    # One that was followed just when it was forgotten left a row that tells nothing.
    return [_read(entity) for entity in found if "told" in entity]


def _read(entity: TableEntity) -> Notice:
    looks = (line.partition(" ") for line in gather(entity, "looks").splitlines())
    return Notice(
        id=entity["id"],
        at=datetime.fromisoformat(entity["at"]),
        mentions=tuple(_told(gather(entity, "told").splitlines())),
        counts=json.loads(entity["counts"]),
        lags=tuple(json.loads(entity["lags"])),
        followed=entity["state"] != _OPEN,
        looks={person: marks for person, _, marks in looks},
    )


def _lines(told: Iterable[Mention]) -> Iterator[str]:
    group = ""
    for one in told:
        if one.group != group:
            group = one.group
            yield _OF_GROUP + group
        yield _LETTERS[one.what] + one.id


def _told(lines: Iterable[str]) -> Iterator[Mention]:
    group = ""
    for line in lines:
        if line[0] == _OF_GROUP:
            group = line[1:]
        else:
            yield Mention(_WHATS[line[0]], line[1:], group)


def _looks(notice: Notice, looks: Mapping[str, str]) -> str:
    seen = dict.fromkeys(told.id for told in notice.mentions if told.id in looks)
    return "\n".join(f"{person} {looks[person]}" for person in seen)
