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


async def run() -> None:
    """Print both, the better of two rounds each, and the ratio."""
    with world(PEOPLE) as folder:
        rounds = [_round(folder) for _ in range(_ROUNDS)]
    ours, database = (min(reports, key=total) for reports in zip(*rounds, strict=True))
    show("Seatflow", ours)
    show("DuckDB", database)
    moved = sum(joining + leaving for joining, _, leaving, _ in ours["bundles"].values())
    print(f"both: {moved:,} joiners and leavers of {len(ours['bundles'])} bundles, the same ids")
    print(f"Seatflow besides: {ours['waiting']:,} wait for a seat; {ours['held']} plans are held")
    print(f"Seatflow / DuckDB: {total(ours) / total(database):.2f}")
    print(f"of the processor: {total(ours, 'processor') / total(database, 'processor'):.2f}")


def _round(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    ours = start("benchmarks.world.compiling", str(folder))
    database = start("benchmarks.world.database", str(folder))
    if ours["bundles"] != database["bundles"]:
        differ = [id for id in ours["bundles"] if ours["bundles"][id] != database["bundles"][id]]
        raise SystemExit(f"Seatflow and DuckDB do not agree about {', '.join(differ)}.")
    return ours, database
