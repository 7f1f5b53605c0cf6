"""The pace that all instances share: one row, guarded by its ETag."""

from collections.abc import Mapping

from adapters.tables.table import Table, guarded, version_of

_PARTITION = _ROW = "graph"
_KEYS = frozenset({"PartitionKey", "RowKey"})


class TablePaces:
    """Keeps one set of values on Azure Tables."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def read(self) -> tuple[Mapping[str, float | str], str]:
        """Return the values and their version; nothing and "" before the first write."""
        entity = await self._table.get(_PARTITION, _ROW)
        if entity is None:
            return {}, ""
        values = {name: value for name, value in entity.items() if name not in _KEYS}
        return values, version_of(entity)

    async def write(self, values: Mapping[str, float | str], version: str) -> str:
        """Write the values and return their version.

        Raises:
            Conflict: they are not of the version that was read.
        """
        (version,) = await self._table.write(_PARTITION, [guarded(_ROW, values, version)])
        return version
