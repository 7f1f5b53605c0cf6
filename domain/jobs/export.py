"""Export: a kind of facts as files, a part of its rows at a time."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from domain.errors import Never
from domain.inventory.exported import Exported, Format
from domain.jobs.look import LATEST, snapshot_named
from domain.kinds import Kind, kind_named
from domain.kinds.kind import Row
from domain.ports import Ports
from domain.sheets import READERS, Sheet, csv_of, part_of, pieces, sheet_of_rows

PART = 50_000
"""Rows in one file; of people that is about five megabytes of Parquet and twenty of CSV."""


async def export(
    ports: Ports,
    kind: str,
    snapshot: str | None,
    format: Format | None,
    part: int | None,
    size: int = PART,
) -> Exported | None:
    """Return a part of a kind of facts as a file; None where there is no such part.

    Args:
        snapshot: of the core kinds, which one; of the others, when it was read: there is only the
            latest read of them, and who asks for its parts must not get those of two.

    Raises:
        Never: there is no such kind or snapshot, or the kind was never read.
        Held: it follows from a group that nobody read.
    """
    found, number, chosen = kind_named(kind), part or 1, format or "parquet"
    if found.core:
        return await _of_snapshot(ports, found, snapshot or LATEST, chosen, number, size)
    return await _of_shelf(ports, found, snapshot or LATEST, chosen, number, size)


async def _of_snapshot(
    ports: Ports, kind: Kind, name: str, format: Format, part: int, size: int
) -> Exported | None:
    kept, snapshot = await snapshot_named(ports, name)

    def exported() -> Exported | None:
        start, stop, parts = _range(part, READERS[kind.name].count(snapshot), size)
        if part > parts:
            return None
        body = _file(ports, part_of(kind, snapshot, start, stop), format, part)
        return Exported(body, format, kind.name, kept.id, part, parts, stop - start)

    # It takes seconds: leave the event loop to leases and health checks.
    return await asyncio.to_thread(exported)


async def _of_shelf(
    ports: Ports, kind: Kind, name: str, format: Format, part: int, size: int
) -> Exported | None:
    load = (await ports.shelves.stand([kind]))[kind.name].load
    if load is None and kind.name in ports.kinds:
        raise Never(
            f"{kind.name} was not read yet.",
            "It is on, so its timer reads it soon; `seatflow status` says how it stands.",
        )
    if load is None:
        needs = f" and needs {', '.join(kind.permissions)}" if kind.permissions else ""
        raise Never(f"{kind.name} was never read.", f"{kind.switch}=on has it read{needs}.")
    if name not in (LATEST, load.taken_at.isoformat()):
        raise Never(
            f"There is no read of {kind.name} from {name}.",
            f"Of this kind only the latest is kept, from {load.taken_at.isoformat()}.",
        )
    start, stop, parts = _range(part, load.rows, size)
    if part > parts:
        return None
    rows = await _rows(ports, kind, start, stop)
    body = await asyncio.to_thread(_file, ports, _sheets(kind, rows), format, part)
    return Exported(body, format, kind.name, load.taken_at.isoformat(), part, parts, len(rows))


async def _rows(ports: Ports, kind: Kind, start: int, stop: int) -> Sequence[Row]:
    found: list[Row] = []
    async for rows in ports.shelves.rows(kind, skip=start):
        found += rows[: stop - start - len(found)]
        if len(found) >= stop - start:
            break
    return found


def _sheets(kind: Kind, rows: Sequence[Row]) -> Iterator[Sheet]:
    return (sheet_of_rows(kind.columns, rows[first:last]) for first, last in pieces(0, len(rows)))


def _range(part: int, rows: int, size: int) -> tuple[int, int, int]:
    """Return the first row of a part, the row behind its last, and how many parts there are."""
    start = (part - 1) * size
    return start, min(rows, start + size), max(1, -(-rows // size))


def _file(ports: Ports, sheets: Iterable[Sheet], format: Format, part: int) -> bytes:
    if format == "csv":
        texts = (csv_of(sheet, head=part == 1 and at == 0) for at, sheet in enumerate(sheets))
        return b"".join(text.encode() for text in texts)
    return ports.warehouse.parquet(sheets)
