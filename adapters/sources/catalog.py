"""Microsoft's table of products and service plans: downloaded where a setting says so, or shipped.

Source: "Product names and service plan identifiers for licensing", a CSV text that Microsoft
publishes with its documentation of the same name. `catalog.json` has its common products.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

from adapters.sources.csv_rows import records
from adapters.sources.reach import Reach
from domain.kinds.catalog import CatalogEntry
from domain.ports import FactsPage

_WHAT = "Microsoft's table of products"
_COLUMNS = (
    "GUID",
    "String_Id",
    "Product_Display_Name",
    "Service_Plan_Id",
    "Service_Plan_Name",
    "Service_Plans_Included_Friendly_Names",
)
_SHIPPED = Path(__file__).with_name("catalog.json")
SHIPPED = "These are the common products that came with Seatflow; CATALOG_URL brings all of them."

INSTEAD = "These are the common products that came with Seatflow, until CATALOG_URL can be read."


async def pages(reach: Reach, link: str | None) -> AsyncIterator[FactsPage]:
    """Yield the downloaded table, or the shipped one where no address is set."""
    if reach.catalog_url is None:
        yield FactsPage(list(shipped()), remarks=(SHIPPED,))
        return
    lines = reach.downloads.lines(reach.catalog_url, _WHAT)
    async for part in records(lines, _COLUMNS, _WHAT):
        yield FactsPage([_entry(record) for record in part])


def instead() -> FactsPage:
    """Return the shipped table, for as long as the other one was never had."""
    return FactsPage(list(shipped()), remarks=(INSTEAD,))


def shipped() -> Iterator[CatalogEntry]:
    """Yield the entries that came with Seatflow."""
    table = json.loads(_SHIPPED.read_text(encoding="utf-8"))
    titles = table["plans"]
    for product in table["products"]:
        for plan in product["plans"]:
            name, title = titles[plan]
            yield CatalogEntry(
                product["sku"], product["part_number"], product["name"], plan, name, title
            )


def _entry(record: Mapping[str, str]) -> CatalogEntry:
    sku, part_number, name, plan, plan_name, title = (record[column] for column in _COLUMNS)
    return CatalogEntry(
        sku.strip().lower(),
        part_number.strip(),
        name.strip(),
        plan.strip().lower(),
        plan_name.strip(),
        title.strip(),
    )
