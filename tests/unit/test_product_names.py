"""People read names of products where the catalog has them."""

import json

from domain.jobs.product_names import product_names
from domain.kinds.catalog import KIND, CatalogEntry
from tests.unit.office import SALES, Office

E3 = CatalogEntry("sku-1", "SPE_E3", "Microsoft 365 E3", "plan-1", "TEAMS1", "Microsoft Teams")
E5 = E3._replace(sku="sku-2", part_number="SPE_E5", name="Microsoft 365 E5")


async def test_names_come_from_the_catalog_by_part_number() -> None:
    office = Office()
    office.sources.give(KIND, [E3, E5])
    await office.jobs.shelve("catalog")

    assert await product_names(office.ports, ["SPE_E3", "OWN"]) == {"SPE_E3": "Microsoft 365 E3"}
    assert await product_names(office.ports, []) == {}


async def test_without_a_catalog_there_are_no_names_and_nothing_fails() -> None:
    assert await product_names(Office().ports, ["SPE_E3"]) == {}


async def test_explain_and_whatif_tell_them() -> None:
    office = Office()
    sku = office.tenant.add_product("SPE_E3", 10)
    await office.offer("e3", sku=sku)
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.sources.give(KIND, [E3])
    await office.jobs.shelve("catalog")
    target = office.tenant.add_group("More")
    more = {"id": "more", "name": "More", "target": {"group": target}, "products": [{"sku": sku}]}

    told = await office.jobs.explain(ada)
    effect = await office.jobs.whatif({"more.yaml": json.dumps(more | {"policy": SALES})})

    assert told
    assert told.product_names == {"SPE_E3": "Microsoft 365 E3"}
    assert effect.product_names == {"SPE_E3": "Microsoft 365 E3"}
