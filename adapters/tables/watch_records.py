"""What we remember of our change subscriptions: a row each, with only a hash of the secret."""

from datetime import datetime

from azure.data.tables import TableEntity

from adapters.tables.table import Table, Write, key, version_of
from domain.errors import Conflict
from domain.records import Watch

_PARTITION = "watches"


class WatchRecords:
    """The records of watches on Azure Tables."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def all(self) -> list[Watch]:
        """Return the watches we made."""
        return [_read(entity) for entity in await self._table.scan(_PARTITION)]

    async def keep(self, watch: Watch) -> None:
        """Write a watch as it stands."""
        values = {
            "id": watch.id,
            "resource": watch.resource,
            "expires": watch.expires.isoformat(),
            "state_hash": watch.state_hash,
            "created": watch.created,
            "since": watch.since.isoformat() if watch.since else "",
            "until": watch.until.isoformat() if watch.until else "",
        }
        await self._table.write(_PARTITION, [Write("put", key(watch.id), values)])

    async def remove(self, watch: Watch) -> None:
        """Forget a watch; one that is forgotten already stays so."""
        entity = await self._table.get(_PARTITION, key(watch.id))
        if entity is None:
            return
        try:
            await self._table.write(
                _PARTITION, [Write("remove", key(watch.id), {}, version_of(entity))]
            )
        except Conflict:
            return  # somebody else forgot it as well


def _read(entity: TableEntity) -> Watch:
    return Watch(
        id=entity["id"],
        resource=entity["resource"],
        expires=datetime.fromisoformat(entity["expires"]),
        state_hash=entity["state_hash"],
        since=_moment(entity.get("since", "")),
        created=entity.get("created", False),
        until=_moment(entity.get("until", "")),
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
