"""What `Directory.close_up`, `products` and `licenses` promise."""

import pytest

from adapters.graph.directory import GraphDirectory
from domain.attributes import MANAGER
from domain.errors import Forbidden, Later
from domain.outcome import LicenseError, LicenseState
from tests.contract.graph.conftest import OpenWorld
from tests.contract.graph.eventually import eventually
from tests.contract.graph.simulated import SimulatedGraph
from tests.contract.graph.worlds import document_of, undated
from tests.fakes.tenant import FakeTenant

NOBODY = "11111111-2222-3333-4444-555555555555"


async def test_a_close_up_has_direct_groups_and_those_by_nesting(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada, ben = tenant.add_person("Ada", department="Finance"), tenant.add_person("Ben")
    inner = tenant.add_group("Inner", None, ada)
    middle = tenant.add_group("Middle", None, inner)
    outer = tenant.add_group("Outer", None, middle)
    world = await open_world(tenant)

    views = await world.directory.close_up([ada, ben])

    of_ada, of_ben = views[ada], views[ben]
    assert of_ada
    assert of_ben
    assert of_ada.person == tenant.person(ada)
    assert of_ada.direct == {inner}
    assert of_ada.everywhere == frozenset({inner, middle, outer})
    assert of_ben.direct == of_ben.everywhere == frozenset()


async def test_a_close_up_without_nesting_has_direct_groups_and_does_not_say_the_others(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {number}") for number in range(25)]
    inner = tenant.add_group("Inner", None, *people[:-1])
    tenant.add_group("Outer", None, inner)
    world = await open_world(tenant)

    views = await world.directory.close_up(people, nesting=False)

    seen = [view for view in views.values() if view]
    assert [view.person for view in seen] == [tenant.person(one) for one in people]
    assert [view.direct for view in seen] == [*[{inner}] * 24, frozenset()]
    assert {view.everywhere for view in seen} == {None}


async def test_groups_by_nesting_are_asked_for_where_they_are_wanted(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    await graph.load(document_of(tenant))
    await graph.fault("GET /users/.*/transitiveMemberOf", status=403, in_batch=True)
    directory = GraphDirectory(graph.client)

    assert (await directory.close_up([ada], nesting=False))[ada]
    with pytest.raises(Forbidden):
        await directory.close_up([ada])


async def test_a_person_who_is_gone_is_none_and_her_neighbors_are_seen(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    ada, ben = tenant.add_person("Ada"), tenant.add_person("Ben")
    world = await open_world(tenant)
    await world.remove_person(ben)

    views = await world.directory.close_up([ben, ada, NOBODY, "no id at all/$ref"])

    assert views[ada]
    assert [views[gone] for gone in (ben, NOBODY, "no id at all/$ref")] == [None, None, None]


@pytest.mark.parametrize("told", ["asked", "set", "default"])
async def test_whatever_a_bulk_read_leaves_out_is_read(graph: SimulatedGraph, told: str) -> None:
    tenant = FakeTenant()
    ada, ben = tenant.add_person("Ada", department="Finance"), tenant.add_person("Ben")
    await graph.load(document_of(tenant), by_ids=told)
    directory = GraphDirectory(graph.client)

    views = await directory.close_up([ada, ben])
    found = await directory.persons([ada, ben])

    assert [view.person for view in views.values() if view] == [*found.values()]
    assert found == {each: tenant.person(each) for each in (ada, ben)}


@pytest.mark.parametrize("also", [frozenset[str](), frozenset({MANAGER})])
async def test_whom_the_app_may_not_read_is_not_without_attributes(
    graph: SimulatedGraph, also: frozenset[str]
) -> None:
    """Graph shows her all the same, with null for whatever she has."""
    tenant = FakeTenant()
    ada = tenant.add_person("Ada", department="Finance")
    await graph.load(document_of(tenant), granted=["GroupMember.Read.All", "Group.Read.All"])
    directory = GraphDirectory(graph.client)

    with pytest.raises(Forbidden, match=r"User\.Read\.All"):
        await directory.persons([ada], also)
    with pytest.raises(Forbidden, match=r"User\.Read\.All"):
        await directory.close_up([ada], also)


async def test_a_group_that_the_app_may_not_read_is_not_without_licenses(
    graph: SimulatedGraph,
) -> None:
    tenant = FakeTenant()
    team = tenant.add_group("Team")
    await graph.load(document_of(tenant), granted=["User.Read.All"])
    with pytest.raises(Forbidden, match=r"GroupMember\.Read\.All"):
        await GraphDirectory(graph.client).find_groups([team])


async def test_who_is_found_and_then_is_not_is_not_gone(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada", department="Finance")
    await graph.load(document_of(tenant), by_ids="default")
    await graph.fault("GET /users/.*", status=404, times=1, in_batch=True)

    with pytest.raises(Later, match="found a person and then it did not"):
        await GraphDirectory(graph.client).persons([ada])


async def test_many_people_and_none_are_seen_too(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {number}") for number in range(45)]
    world = await open_world(tenant)

    views = await world.directory.close_up(people)

    assert [view.person.id for view in views.values() if view] == people
    assert await world.directory.close_up([]) == {}


async def test_a_person_who_cannot_be_read_is_not_gone(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    world = await open_world(tenant)

    await world.break_next("close_up")
    with pytest.raises(Later):
        await world.directory.close_up([ada])

    await world.forbid("close_up")
    with pytest.raises(Forbidden):
        await world.directory.close_up([ada])


async def test_products_come_with_seats_bought_and_used(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    e3 = tenant.add_product("SPE_E3", seats=10)
    e5 = tenant.add_product("SPE_E5", seats=0, warning=4, suspended=3, locked_out=2)
    ada, ben = tenant.add_person("Ada"), tenant.add_person("Ben")
    tenant.license_group(tenant.add_group("Licensed", None, ada, ben), e3)
    world = await open_world(tenant)

    products = await world.directory.products()

    assert products == tenant.products()
    assert (products[e3].seats, products[e3].consumed) == (10, 2)
    assert (products[e5].part_number, products[e5].seats) == ("SPE_E5", 4)
    assert (products[e5].suspended, products[e5].locked_out) == (3, 2)


async def test_products_that_cannot_be_read_raise(open_world: OpenWorld) -> None:
    world = await open_world(FakeTenant())
    await world.throttle_next("products", after=30)
    with pytest.raises(Later) as error:
        await world.directory.products()
    assert error.value.after == 30


async def test_licenses_tell_by_which_group_and_whether_a_seat_was_left(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3", seats=1)
    ada, ben, cyd = (tenant.add_person(name) for name in ("Ada", "Ben", "Cyd"))
    group = tenant.add_group("Licensed", None, ada, ben)
    tenant.license_group(group, sku)
    world = await open_world(tenant)

    states = undated(await world.directory.licenses(group, [ada, ben, cyd, NOBODY, "no id"]))

    assert states == {
        ada: (LicenseState(sku, group, active=True),),
        ben: (LicenseState(sku, group, active=False, error=LicenseError.COUNT),),
        cyd: (),
        NOBODY: None,
        "no id": None,
    }


async def test_licenses_of_many_people_are_the_same_as_of_few(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    people = [tenant.add_person(f"Person {number}") for number in range(70)]
    group = tenant.add_group("Licensed", None, *people[:-2])
    tenant.license_group(group, sku)
    world = await open_world(tenant)
    await world.remove_person(people[-1])

    states = undated(await world.directory.licenses(group, people))

    assert states[people[0]] == (LicenseState(sku, group, active=True),)
    assert states[people[-2]] == ()
    assert states[people[-1]] is None
    assert set(states) == set(people)


async def test_a_license_follows_a_membership(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    ada = tenant.add_person("Ada")
    group = tenant.add_group("Licensed")
    tenant.license_group(group, sku)
    world = await open_world(tenant)

    await world.join(group, ada)

    async def licensed() -> bool:
        states = undated(await world.directory.licenses(group, [ada]))
        return states[ada] == (LicenseState(sku, group, active=True),)

    await eventually(licensed)
