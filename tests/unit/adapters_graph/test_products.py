"""A product of which Graph leaves out what counts is unknown, and not one without seats in use."""

from typing import Any

import pytest

from adapters.graph.client import GraphClient
from adapters.graph.products import read_products
from domain.errors import Later
from tests.unit.adapters_graph.scripted import Scripted

E3: dict[str, Any] = {
    "skuId": "e3",
    "prepaidUnits": {"enabled": 10},
    "consumedUnits": 9,
    "servicePlans": [{"servicePlanId": "teams"}],
}


@pytest.mark.parametrize("null", [False, True])
@pytest.mark.parametrize("name", ["prepaidUnits", "consumedUnits", "servicePlans"])
async def test_a_part_of_a_product_is_none(
    server: Scripted, client: GraphClient, name: str, null: bool
) -> None:
    part = {key: value for key, value in E3.items() if key != name}
    server.say({"value": [part | ({name: None} if null else {})]})
    with pytest.raises(Later, match="without its seats or service plans"):
        await read_products(client)


async def test_what_is_told_counts(server: Scripted, client: GraphClient) -> None:
    server.say({"value": [E3]})
    found = (await read_products(client))["e3"]
    assert (found.seats, found.consumed, dict(found.plans)) == (10, 9, {"teams": ""})
