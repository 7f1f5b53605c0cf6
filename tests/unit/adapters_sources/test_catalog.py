"""Names of products and plans: those that came with Seatflow, and Microsoft's own table."""

from collections.abc import AsyncIterator
from typing import Any

from adapters.sources.catalog import INSTEAD, SHIPPED, pages, shipped
from adapters.sources.downloads import Downloads
from adapters.sources.reach import Reach
from adapters.sources.sources import TenantSources
from domain.kinds.catalog import KIND, CatalogEntry

E3 = "05e9a617-0261-4cee-bb44-138d3ef5d965"
TEAMS = "57ff2da0-773e-42df-b2af-ffb7a2317929"
TABLE = (
    "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,"
    "Service_Plans_Included_Friendly_Names\n"
    f'"Microsoft 365, E3",SPE_E3,{E3.upper()},TEAMS1,{TEAMS},Microsoft Teams \n'
)


class OneTable(Downloads):
    """Has one table, wherever it is asked for."""

    async def lines(self, url: str, what: str) -> AsyncIterator[str]:
        assert url == "https://example.com/table.csv"
        for line in TABLE.splitlines(keepends=True):
            yield line


async def read(**reach: Any) -> tuple[list[Any], list[str]]:
    given = Reach(graph=None, downloads=OneTable(), **reach)  # type: ignore[arg-type]
    found = [page async for page in pages(given, None)]
    return [row for page in found for row in page.rows], [r for p in found for r in p.remarks]


async def test_without_an_address_the_common_products_are_there_and_it_is_said_so() -> None:
    rows, remarks = await read()
    assert remarks == [SHIPPED]
    teams = next(row for row in rows if (row.sku, row.plan) == (E3, TEAMS))
    assert (teams.name, teams.plan_name, teams.plan_title) == (
        "Microsoft 365 E3",
        "TEAMS1",
        "Microsoft Teams",
    )


async def test_microsofts_table_takes_their_place_where_an_address_is_set() -> None:
    rows, remarks = await read(catalog_url="https://example.com/table.csv")
    assert remarks == []
    assert rows == [
        CatalogEntry(E3, "SPE_E3", "Microsoft 365, E3", TEAMS, "TEAMS1", "Microsoft Teams")
    ]


def test_the_common_products_do_until_the_table_can_be_had() -> None:
    page = TenantSources(Reach(graph=None)).shipped(KIND)  # type: ignore[arg-type]
    assert page
    assert (list(page.rows), page.remarks) == (list(shipped()), (INSTEAD,))


def test_what_is_shipped_is_whole() -> None:
    entries = list(shipped())
    assert len({entry.sku for entry in entries}) >= 50
    assert len({(entry.sku, entry.plan) for entry in entries}) == len(entries)
    for entry in entries:
        assert all(entry)
        assert entry.sku == entry.sku.lower()
