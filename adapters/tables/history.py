"""The history of a bundle in its part of the ledger's table: where it ends, and what is in it."""

from collections.abc import AsyncIterator
from dataclasses import replace

from adapters.tables.entries import ENTRY, TALLY, Chain, entry_key, read_chain, read_entry
from adapters.tables.table import Table
from domain.chain import Sealed, Tail

_AT_A_TIME = 250
"""Entries read in one go: a few hundred kilobytes."""


class History:
    """Reads the entries of bundles; they are written with what they tell of."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def chain(self, bundle: str, tried: Chain | None = None) -> Chain:
        """Return the bundle's tally and the end of its history.

        Args:
            tried: what was read before a write that was refused. Where the tally did not move
                since, entries may stand beyond its tail (the row was put back by hand, or written
                by a version that knew of no history), and the next one goes behind them.
        """
        chain = read_chain(await self._table.get(bundle, TALLY))
        if tried is None or tried.version != chain.version:
            return chain
        return replace(chain, tail=await self._last(bundle, chain.tail))

    async def entries(self, bundle: str, after: int) -> AsyncIterator[Sealed]:
        """Yield the entries after a number, in order."""
        last = entry_key(after) if after else ""  # a row before the first is seen, too
        while True:
            found = await self._table.scan(bundle, ENTRY, limit=_AT_A_TIME, after=last)
            for entity in found:
                yield read_entry(entity)
            if len(found) < _AT_A_TIME:
                return
            last = found[-1]["RowKey"]

    async def _last(self, bundle: str, tail: Tail) -> Tail:
        beyond = await self._table.scan(
            bundle, ENTRY, select=["hash"], after=entry_key(tail.number)
        )
        if not beyond:
            return tail
        last = read_entry(beyond[-1])
        return Tail(last.number, last.hash)
