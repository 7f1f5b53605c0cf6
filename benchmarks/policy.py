"""Compile a stored snapshot to plans, against DuckDB finding who joins and who leaves.

BENCH_PEOPLE people (by default 100,000) and 50 bundles with a tenth of them as holders, as
`benchmarks.world` lays them out. Seatflow reads the warehouse's files, decides rules, groups,
priorities and seats, with reasons and guards, and makes plans; DuckDB reads its own files and finds
the same joiners and leavers. Each runs in a process of its own, and both must agree on every id.
"""

from pathlib import Path
from typing import Any

from benchmarks.world.child import PEOPLE, show, start, total, world

_ROUNDS = 2
_WAYS = ("each", "all")
"""How DuckDB is asked: see benchmarks/world/database.py."""


async def run() -> None:
    """Print the better of two rounds of each, and the ratios."""
    with world(PEOPLE) as folder:
        rounds = [_round(folder) for _ in range(_ROUNDS)]
    ours, *databases = (min(reports, key=total) for reports in zip(*rounds, strict=True))
    show("Seatflow", ours)
    for way, database in zip(_WAYS, databases, strict=True):
        show(f"DuckDB, {way}", database)
    moved = sum(joining + leaving for joining, _, leaving, _ in ours["bundles"].values())
    print(f"all: {moved:,} joiners and leavers of {len(ours['bundles'])} bundles, the same ids")
    print(f"Seatflow besides: {ours['waiting']:,} wait for a seat; {ours['held']} plans are held")
    for way, database in zip(_WAYS, databases, strict=True):
        seconds = total(ours) / total(database)
        processor = total(ours, "processor") / total(database, "processor")
        print(f"Seatflow / DuckDB, {way}: {seconds:.2f}; of the processor: {processor:.2f}")


def _round(folder: Path) -> list[dict[str, Any]]:
    ours = start("benchmarks.world.compiling", str(folder))
    databases = [start("benchmarks.world.database", str(folder), way) for way in _WAYS]
    for database in databases:
        theirs = database["bundles"]
        differ = [id for id, found in ours["bundles"].items() if theirs[id] != found]
        if differ:
            raise SystemExit(f"Seatflow and DuckDB do not agree about {', '.join(differ)}.")
    return [ours, *databases]
