"""What `Directory.persons` and `outer_groups` promise: cheap looks at very many."""

import pytest

from domain.attributes import MANAGER
from domain.errors import Forbidden, Later
from tests.contract.graph.conftest import OpenWorld
from tests.contract.graph.simulated import SimulatedGraph
from tests.contract.graph.worlds import SimulatedWorld, document_of
from tests.fakes.tenant import FakeTenant

NOBODY = "11111111-2222-3333-4444-555555555555"


async def test_people_are_read_with_their_attributes_and_others_are_left_out(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada", department="Finance", extensionAttribute1="x")
    ben = tenant.add_person("Ben", manager=ada)
    team = tenant.add_group("Team", None, ada)
    world = await open_world(tenant)

    found = await world.directory.persons([ada, NOBODY, team, "no id/$ref"])
    assert found == {ada: tenant.person(ada)}
    found = await world.directory.persons([ben], frozenset({MANAGER}))
    assert MANAGER not in found[ben].attributes or found[ben].attributes[MANAGER] is None
    assert await world.directory.persons([]) == {}


async def test_a_thousand_people_are_one_request_of_two_units(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {number}") for number in range(1_000)]
    await graph.load(document_of(tenant))
    world = SimulatedWorld(graph)
    await graph.switch("POST", "stats/reset")

    assert len(await world.directory.persons(people)) == 1_000

    stats = await graph.switch("GET", "stats")
    assert (stats["requests"], stats["resource_units"]) == (1, 2)


async def test_groups_around_a_group_are_found_at_any_depth(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    inner = tenant.add_group("Inner")
    middle = tenant.add_group("Middle", None, inner)
    outer = tenant.add_group("Outer", None, middle)
    world = await open_world(tenant)

    assert await world.directory.outer_groups([inner, outer, NOBODY, "no id/$ref"]) == {
        inner: {middle, outer},
        outer: frozenset(),
        NOBODY: None,
        "no id/$ref": None,
    }


@pytest.mark.parametrize("call", ["persons", "outer_groups"])
async def test_what_cannot_be_read_is_not_gone(open_world: OpenWorld, call: str) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    team = tenant.add_group("Team", None, ada)
    world = await open_world(tenant)
    ids = [ada] if call == "persons" else [team]

    await world.break_next(call)
    with pytest.raises(Later):
        await getattr(world.directory, call)(ids)

    await world.forbid(call)
    with pytest.raises(Forbidden):
        await getattr(world.directory, call)(ids)
