"""Of whom Graph tells a part only, nobody believes that the rest is lost."""

from typing import Any

import pytest

from adapters.graph.client import GraphClient
from adapters.graph.managers import MANAGERS, REMOVED
from adapters.graph.people import people_pages
from adapters.graph.persons import find_people, properties
from domain.attributes import MANAGER
from domain.errors import Forbidden
from domain.ports.directory import ManagerChange
from tests.unit.adapters_graph.scripted import Scripted

ADA, BEN = (f"11111111-2222-3333-4444-55555555555{n}" for n in range(2))
WHOLE = {"userPrincipalName": "ada@example.com", "accountEnabled": True, "department": "Sales"}
NOTHING: dict[str, Any] = dict.fromkeys(WHOLE)
DELTA = "@odata.deltaLink"


def alone(told: dict[str, Any], status: int = 200) -> dict[str, Any]:
    """Return what a batch says that asks for Ada herself."""
    return {"responses": [{"id": "0", "status": status, "body": {"id": ADA} | told}]}


@pytest.mark.parametrize("told", [{}, NOTHING, WHOLE | {"accountEnabled": None}])
async def test_who_may_not_be_read_is_not_without_attributes(
    server: Scripted, client: GraphClient, told: dict[str, Any]
) -> None:
    server.say({"value": [{"id": ADA} | told]})
    server.say(alone(NOTHING))
    with pytest.raises(Forbidden, match=r"User\.Read\.All"):
        await find_people(client, [ADA], frozenset())


async def test_an_account_that_is_neither_on_nor_off_stops_nobody_elses_look(
    server: Scripted, client: GraphClient
) -> None:
    neither = {"id": ADA} | WHOLE | {"accountEnabled": None}
    everything = dict.fromkeys(properties(frozenset()).split(","))
    server.say({"value": [neither, everything | {"id": BEN} | WHOLE]})
    server.say(alone(neither))
    found = await find_people(client, [ADA, BEN], frozenset())
    assert {id: person.attributes["accountEnabled"] for id, person in found.items()} == {
        ADA: None,
        BEN: True,
    }


@pytest.mark.parametrize("told", [{}, {"userPrincipalName": "ada@example.com"}])
@pytest.mark.parametrize("managers", [[], [{"id": BEN}]])
@pytest.mark.parametrize("twice", [False, True])
async def test_of_whom_a_round_tells_a_part_is_read_by_herself(
    server: Scripted,
    client: GraphClient,
    told: dict[str, str],
    managers: list[dict[str, str]],
    twice: bool,
) -> None:
    part: dict[str, Any] = {"id": ADA} | told | ({MANAGERS: managers} if managers else {})
    other = {"id": BEN} | WHOLE
    gone = {"id": BEN.replace("1", "2"), REMOVED: {"reason": "changed"}}
    server.say({"value": [part, other, gone] + [other] * twice, DELTA: f"{server.url}/v1.0/end"})
    server.say(alone(WHOLE))
    pages = people_pages(client, None, frozenset({MANAGER}))
    (page,) = [page async for page in pages]
    departments = {person.id: person.attributes["department"] for person in page.people()}
    assert departments == {ADA: "Sales", BEN: "Sales"}
    assert page.gone == (gone["id"],)
    assert page.managers == tuple(ManagerChange(ADA, BEN, ended=False) for _ in managers)


async def test_who_is_gone_by_then_is_left_to_the_next_round(
    server: Scripted, client: GraphClient
) -> None:
    server.say({"value": [{"id": ADA}], DELTA: f"{server.url}/v1.0/end"})
    server.say(alone({}, status=404))
    (page,) = [page async for page in people_pages(client, None, frozenset())]
    assert (page.ids, page.gone) == ((), ())
