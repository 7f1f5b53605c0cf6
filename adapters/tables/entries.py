"""The history of a bundle as rows: an entry a row, and where the chain ends beside the tally.

Whoever adds an entry has read the tally's row and writes it with the entry, so that of two who add
at once one is refused and reads again.
"""

from dataclasses import dataclass
from typing import Any

from azure.data.tables import TableEntity

from adapters.tables.packing import gather, spread
from adapters.tables.rows import read_tally, tally_values
from adapters.tables.table import Write, guarded, version_of
from domain.chain import Entry, Sealed, Tail, seal
from domain.ledger import Tally

TALLY, ENTRY = "o:tally", "h:"
"""The row of the tally, and how the rows of entries begin."""
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Chain:
    """A bundle's tally and the end of its history, as they were read."""

    tally: Tally
    tail: Tail
    version: str = ""


def read_chain(entity: TableEntity | None) -> Chain:
    """Return what is in the tally's row; a bundle without one has no history yet."""
    if entity is None:
        return Chain(Tally(), Tail())
    tail = Tail(entity.get("entries", 0), entity.get("hash", ""))
    return Chain(read_tally(entity), tail, version_of(entity))


def chain_writes(entry: Entry, chain: Chain, tally: Tally) -> list[Write]:
    """Return what adding an entry writes: the entry, and the tally's next state with it."""
    sealed = seal(entry, chain.tail)
    moved = {**tally_values(tally), "entries": sealed.number, "hash": sealed.hash}
    return [
        guarded(TALLY, moved, chain.version),
        Write("insert", entry_key(sealed.number), _values(sealed)),
    ]


def entry_key(number: int) -> str:
    """Return the key of an entry: keys sort as numbers do."""
    return f"{ENTRY}{number:0{_DIGITS}d}"


def read_entry(entity: TableEntity) -> Sealed:
    """Return the entry in a row, whatever was done to it."""
    digits = entity["RowKey"].removeprefix(ENTRY)
    number = int(digits) if digits.isascii() and digits.isdigit() else 0
    texts = {name: str(value) for name, value in entity.items() if name.startswith("text")}
    return Sealed(number, gather(texts, "text"), str(entity.get("hash", "")))


def _values(sealed: Sealed) -> dict[str, Any]:
    return {**spread("text", sealed.text), "hash": sealed.hash}
