"""A process of its own, the baseline: DuckDB finds who joins and who leaves each bundle.

It gets the same facts as plain tables with numbers for keys, and the threads it takes by itself. It
is asked in one of two ways: `each`, two anti-joins for every bundle, one statement a bundle; or
`all`, entitled and holders of all bundles as two tables of (bundle, person) with one anti-join in
each direction, which is quicker and takes more memory. In the end it finds the ids of whoever is
left. Seats, priority, reasons, guards and fingerprints it does not decide.
"""

import sys
from pathlib import Path

import duckdb

from benchmarks.world.bundles import Offer, offers
from benchmarks.world.measured import Measured, digest, peak
from benchmarks.world.tenant import DATABASE

_TABLES = ("people", "memberships", "holders")
_COLUMNS = (
    "row, id, userPrincipalName, mail, displayName, employeeId, department, jobTitle, country,"
    " city, companyName, userType, accountEnabled, extensionAttribute1, extensionAttribute2"
)
_HOLDERS = """
    create temp table holding as
    select right("group", 12)::utinyint as bundle, person as row from holders
"""
_MOVING_ALL = """
    insert into rows
        select bundle, row, true as joins from entitled anti join holding using (bundle, row)
        union all
        select bundle, row, false as joins from holding anti join entitled using (bundle, row)
"""
_MOVING_EACH = """
    insert into rows
        with entitled as materialized ({entitled}), holding as materialized ({holding})
        select bundle, row, true as joins from entitled anti join holding using (row)
        union all
        select bundle, row, false as joins from holding anti join entitled using (row)
"""
_NAMED = "create table moving as select bundle, joins, id from rows join people using (row)"


def main(folder: Path, way: str) -> None:
    """Find everyone and report."""
    measured = Measured()
    database = duckdb.connect()
    with measured.phase("load"):
        for table in _TABLES:
            columns = _COLUMNS if table == "people" else "*"
            file = folder / DATABASE / f"{table}.parquet"
            database.execute(f"create table {table} as select {columns} from '{file}'")
    with measured.phase("compare"):
        database.execute("create temp table rows (bundle utinyint, row integer, joins boolean)")
        _ask_all(database) if way == "all" else _ask_each(database)
        database.execute(_NAMED)
    most = peak()
    found: dict[str, tuple[list[str], list[str]]] = {o.bundle.id: ([], []) for o in offers()}
    for bundle, joins, id in database.execute("from moving").fetchall():
        found[f"bundle-{bundle:02d}"][0 if joins else 1].append(id)
    measured.report(peak=most, bundles=digest(found))


def _ask_all(database: duckdb.DuckDBPyConnection) -> None:
    queries = " union all ".join(_entitled(offer) for offer in offers())
    database.execute(f"create temp table entitled as {queries}")
    database.execute(_HOLDERS)
    database.execute(_MOVING_ALL)


def _ask_each(database: duckdb.DuckDBPyConnection) -> None:
    for offer in offers():
        holding = f"""
            select {offer.number}::utinyint as bundle, person as row from holders
            where "group" = '{offer.target}'
        """
        database.execute(_MOVING_EACH.format(entitled=_entitled(offer), holding=holding))


def _entitled(offer: Offer) -> str:
    bundle = f"{offer.number}::utinyint as bundle"
    if offer.sql is not None:
        return f"select {bundle}, row from people where {offer.sql}"
    return f"""select {bundle}, person as row from memberships where "group" = '{offer.source}'"""


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
