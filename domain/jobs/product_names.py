"""Names of products beside their part numbers, as far as Microsoft's catalog was read."""

from collections.abc import Iterable, Mapping

from domain.kinds.catalog import KIND, CatalogEntry
from domain.ports import Ports


async def product_names(ports: Ports, part_numbers: Iterable[str]) -> Mapping[str, str]:
    """Return what people call these products, by part number; who is not in the catalog has none.

    Raises:
        Later: the storage cannot be reached.
    """
    wanted = set(part_numbers)
    shelf = (await ports.shelves.stand([KIND]))[KIND.name]
    if not wanted or shelf.load is None:
        return {}
    entries = [entry async for rows in ports.shelves.rows(KIND) for entry in rows]
    named = (CatalogEntry._make(entry) for entry in entries)
    return {each.part_number: each.name for each in named if each.part_number in wanted}
