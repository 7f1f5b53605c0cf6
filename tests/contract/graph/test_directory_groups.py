"""What `Directory.groups`, `find_groups` and `count_members` promise."""

import pytest

from domain.errors import Forbidden, Later, Never, Resync
from tests.contract.graph.conftest import OpenWorld
from tests.contract.graph.rounds import SeenGroups
from tests.fakes.tenant import FakeTenant


async def test_groups_come_with_people_and_nested_groups_told_apart(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {number}") for number in range(9)]
    inner = tenant.add_group("Inner", None, *people[:2])
    outer = tenant.add_group("Outer", None, *people, inner)
    empty = tenant.add_group("Empty")
    world = await open_world(tenant)

    seen = SeenGroups()
    await seen.take(world.directory.groups(None))

    assert seen.people == {inner: set(people[:2]), outer: set(people), empty: set()}
    assert seen.nested == {inner: set(), outer: {inner}, empty: set()}
    assert seen.token


async def test_every_property_that_makes_a_group_unfit_is_read(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product()
    kinds: list[dict[str, object]] = [
        {"types": ("DynamicMembership",)},
        {"synced": True},
        {"mail_enabled": True},
        {"role_assignable": True},
        {"security_enabled": False},
        {"licenses": {sku: ("00000000-0000-0000-0000-00000000f00d",)}},
    ]
    for number, fields in enumerate(kinds):
        tenant.change_group(tenant.add_group(f"Group {number}"), **fields)
    world = await open_world(tenant)

    seen = SeenGroups()
    await seen.take(world.directory.groups(None))

    assert seen.groups == tenant.groups
    assert await world.directory.find_groups(tenant.groups) == tenant.groups


async def test_a_later_round_brings_joins_leaves_and_groups_that_are_gone(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    ada, ben, cyd = (tenant.add_person(name) for name in ("Ada", "Ben", "Cyd"))
    inner = tenant.add_group("Inner")
    team = tenant.add_group("Team", None, ada, ben, inner)
    doomed = tenant.add_group("Doomed", None, ada)
    world = await open_world(tenant)
    seen = SeenGroups()
    await seen.take(world.directory.groups(None))

    await world.leave(team, ada)
    await world.leave(team, inner)
    await world.join(team, cyd)
    await world.remove_group(doomed)
    await seen.take(world.directory.groups(seen.token))

    assert seen.people == {inner: set(), team: {ben, cyd}}
    assert seen.nested[team] == set()
    assert doomed not in seen.groups


async def test_a_deleted_person_leaves_her_groups(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada, ben = tenant.add_person("Ada"), tenant.add_person("Ben")
    team = tenant.add_group("Team", None, ada, ben)
    world = await open_world(tenant)
    seen = SeenGroups()
    await seen.take(world.directory.groups(None))

    await world.remove_person(ada)
    await seen.take(world.directory.groups(seen.token))

    assert seen.people[team] == {ben}


async def test_joining_and_leaving_between_two_rounds_changes_nothing(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    team = tenant.add_group("Team")
    world = await open_world(tenant)
    seen = SeenGroups()
    await seen.take(world.directory.groups(None))

    await world.join(team, ada)
    await world.leave(team, ada)
    await seen.take(world.directory.groups(seen.token))

    assert seen.people[team] == set()


async def test_a_dead_token_asks_for_everything_anew(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    tenant.add_group("Team")
    world = await open_world(tenant)
    seen = SeenGroups()
    await seen.take(world.directory.groups(None))

    await world.expire_tokens()

    with pytest.raises(Resync):
        await seen.take(world.directory.groups(seen.token))


async def test_a_read_that_breaks_in_the_middle_raises(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    for number in range(9):
        tenant.add_group(f"Group {number}")
    world = await open_world(tenant)

    pages = world.directory.groups(None)
    assert (await anext(pages)).token is None
    await world.break_next("groups")

    with pytest.raises(Later):
        await SeenGroups().take(pages)


async def test_only_groups_that_exist_are_found(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    team = tenant.add_group("Team", None, ada)
    world = await open_world(tenant)

    found = await world.directory.find_groups(
        [team, ada, "11111111-2222-3333-4444-555555555555", "no id at all"]
    )

    assert found == {team: tenant.groups[team]}
    assert await world.directory.find_groups([]) == {}


async def test_members_are_counted_as_they_are_now(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    team = tenant.add_group("Team", None, tenant.add_person("Ada"), tenant.add_person("Ben"))
    empty = tenant.add_group("Empty")
    world = await open_world(tenant)

    assert await world.directory.count_members(team) == 2
    assert await world.directory.count_members(empty) == 0
    with pytest.raises(Never):
        await world.directory.count_members("11111111-2222-3333-4444-555555555555")
    await world.break_next("count_members")
    with pytest.raises(Later):
        await world.directory.count_members(team)


async def test_groups_that_cannot_be_read_are_not_gone(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    team = tenant.add_group("Team")
    world = await open_world(tenant)

    await world.break_next("find_groups")
    with pytest.raises(Later):
        await world.directory.find_groups([team])

    await world.forbid("find_groups")
    with pytest.raises(Forbidden):
        await world.directory.find_groups([team])
