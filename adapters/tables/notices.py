"""The Notices port on Azure Tables: a row each, in order of time.

What a notice tells is one text, an object a line, so that thousands of them fit a row.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from azure.data.tables import TableEntity

from adapters.tables.limits import in_transactions
from adapters.tables.packing import gather, spread
from adapters.tables.table import Table, Write, key, version_of
from adapters.tables.trust_text import read_trust, trust_text
from domain.errors import Conflict
from domain.watching.notice import Mention, Notice, What
from domain.watching.trust import Trust

_PARTITION = "notices"
_STATE, _COMPILED, _FREED, _TRUST = "state", "compiled", "freed", "trust"
_OPEN = "open"
_LAGS = 1_000
"""A sample of those of a very large notice."""
_BODY = 500_000
"""Bytes in a transaction: the event loop answers webhooks while none is being sent."""
_LETTERS = {
    What.PERSON: "p",
    What.GROUP: "g",
    What.JOINED: "+",
    What.LEFT: "-",
    What.FREED: "f",
}
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

    async def follow(self, notices: Sequence[Notice]) -> None:
        """Note that these were followed, what was seen of people then, and lags learned of."""
        await self._write(
            Write(
                "merge",
                _row(notice),
                {"state": "", "lags": _lags(notice), **spread("looks", _looks(notice))},
            )
            for notice in notices
        )

    async def compiled(self) -> datetime | None:
        """Return when the inventory was taken on which everything was compiled last."""
        return await self._at(_COMPILED)

    async def note_compiled(self, taken_at: datetime) -> None:
        """Note that everything was compiled on the inventory of this moment."""
        await self._note(_COMPILED, taken_at)

    async def freed(self) -> datetime | None:
        """Return when people were last seen to hold what they kept something else for, in bulk."""
        return await self._at(_FREED)

    async def note_freed(self, at: datetime) -> None:
        """Note that some were."""
        await self._note(_FREED, at)

    async def trust(self) -> Trust:
        """Return how what was told has compared with what inventories found."""
        entity = await self._table.get(_STATE, _TRUST)
        return read_trust(gather(entity, "trust")) if entity else Trust()

    async def keep_trust(self, trust: Trust) -> None:
        """Write that as it stands."""
        values = spread("trust", trust_text(trust))
        await self._table.write(_STATE, [Write("put", _TRUST, values)])

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

    async def _at(self, row: str) -> datetime | None:
        entity = await self._table.get(_STATE, row)
        return datetime.fromisoformat(entity["at"]) if entity else None

    async def _note(self, row: str, at: datetime) -> None:
        await self._table.write(_STATE, [Write("put", row, {"at": at.isoformat()})])

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
        "lags": _lags(notice),
        "state": "" if notice.followed else _OPEN,
        "trace": notice.trace,
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
        lags={resource: tuple(lags) for resource, lags in json.loads(entity["lags"]).items()},
        followed=entity["state"] != _OPEN,
        trace=entity.get("trace", ""),
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


def _looks(notice: Notice) -> str:
    return "\n".join(f"{person} {marks}" for person, marks in notice.looks.items())


def _lags(notice: Notice) -> str:
    rounded = {r: [round(lag, 2) for lag in lags[:_LAGS]] for r, lags in notice.lags.items()}
    return json.dumps(rounded)
