"""What `Directory.people` promises."""

import pytest

from domain.errors import Forbidden, Later, Resync
from tests.contract.graph.conftest import OpenWorld
from tests.contract.graph.rounds import SeenPeople
from tests.fakes.tenant import FakeTenant


async def test_everyone_is_read_with_every_attribute(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada", department="Finance", country="NL", extensionAttribute7="x")
    people = [ada, *(tenant.add_person(f"Person {n}") for n in range(7))]
    world = await open_world(tenant)

    seen = SeenPeople()
    await seen.take(world.directory.people(None))

    assert sorted(seen.people) == sorted(people)
    assert seen.people[ada] == tenant.person(ada)
    assert seen.people[people[1]].attributes["department"] is None
    assert seen.token


async def test_nobody_in_the_tenant_is_an_answer_with_a_token(open_world: OpenWorld) -> None:
    world = await open_world(FakeTenant())
    seen = SeenPeople()
    await seen.take(world.directory.people(None))
    assert seen.people == {}
    assert seen.token


async def test_a_later_round_brings_who_moved_and_who_left(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada, ben, cyd = (tenant.add_person(name, department="Sales") for name in ("Ada", "Ben", "Cyd"))
    world = await open_world(tenant)
    seen = SeenPeople()
    await seen.take(world.directory.people(None))

    await world.move(ada, department="Finance")
    await world.remove_person(ben)
    await seen.take(world.directory.people(seen.token))

    assert set(seen.people) == {ada, cyd}
    assert seen.people[ada].attributes["department"] == "Finance"
    assert seen.gone == {ben}


async def test_a_cleared_attribute_is_none(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada", department="Sales")
    world = await open_world(tenant)
    seen = SeenPeople()
    await seen.take(world.directory.people(None))

    await world.move(ada, department=None)
    await seen.take(world.directory.people(seen.token))

    assert seen.people[ada].attributes["department"] is None


async def test_products_held_through_a_group_come_with_the_person(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    ada, ben = tenant.add_person("Ada"), tenant.add_person("Ben")
    tenant.license_group(tenant.add_group("Licensed", None, ada), sku)
    world = await open_world(tenant)

    seen = SeenPeople()
    await seen.take(world.directory.people(None))

    assert seen.people[ada].products == (sku,)
    assert seen.people[ben].products == ()


async def test_a_dead_token_asks_for_everything_anew(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    tenant.add_person("Ada")
    world = await open_world(tenant)
    seen = SeenPeople()
    await seen.take(world.directory.people(None))

    await world.expire_tokens()

    with pytest.raises(Resync):
        await seen.take(world.directory.people(seen.token))


async def test_a_read_that_breaks_in_the_middle_raises_and_gives_no_token(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    for number in range(9):
        tenant.add_person(f"Person {number}")
    world = await open_world(tenant)

    pages = world.directory.people(None)
    first = await anext(pages)
    await world.break_next("people")

    with pytest.raises(Later):
        await SeenPeople().take(pages)
    assert first.token is None


async def test_throttling_says_how_long_to_wait(open_world: OpenWorld) -> None:
    world = await open_world(FakeTenant())
    await world.throttle_next("people", after=90)
    with pytest.raises(Later) as error:
        await anext(world.directory.people(None))
    assert error.value.after == 90


async def test_a_missing_permission_is_named(open_world: OpenWorld) -> None:
    world = await open_world(FakeTenant())
    await world.forbid("people")
    with pytest.raises(Forbidden) as error:
        await anext(world.directory.people(None))
    assert ".All" in error.value.fix
