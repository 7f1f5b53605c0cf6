"""What `Targets.carry_out` promises."""

import pytest

from domain.change import Action, Change
from domain.outcome import Applied, Postponed, Refused
from tests.contract.graph.conftest import OpenWorld
from tests.fakes.tenant import FakeTenant

NOBODY = "11111111-2222-3333-4444-555555555555"
NO_GROUP = "66666666-7777-8888-9999-000000000000"
ALREADY = Applied("already so")


def grant(person: str) -> Change:
    return Change(Action.GRANT, person, "entitled")


def revoke(person: str) -> Change:
    return Change(Action.REVOKE, person, "no longer entitled")


async def test_grants_and_revokes_are_applied(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {number}") for number in range(110)]
    leaving, joining, staying = people[:45], people[45:100], people[100:]
    group = tenant.add_group("Target", None, *leaving, *staying)
    world = await open_world(tenant)

    changes = [*(grant(person) for person in joining), *(revoke(person) for person in leaving)]
    outcomes = await world.targets.carry_out(group, changes)

    assert outcomes == dict.fromkeys([*leaving, *joining], Applied())
    assert await world.members(group) == set(joining) | set(staying)


async def test_carrying_the_same_out_again_finds_it_already_so(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada, ben = tenant.add_person("Ada"), tenant.add_person("Ben")
    group = tenant.add_group("Target", None, ben)
    world = await open_world(tenant)
    changes = [grant(ada), revoke(ben)]

    assert await world.targets.carry_out(group, changes) == {ada: Applied(), ben: Applied()}
    assert await world.targets.carry_out(group, changes) == {ada: ALREADY, ben: ALREADY}
    assert await world.members(group) == {ada}


async def test_one_who_is_a_member_already_does_not_keep_the_others_out(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {number}") for number in range(30)]
    group = tenant.add_group("Target", None, people[3], people[25])
    world = await open_world(tenant)

    outcomes = await world.targets.carry_out(group, [grant(person) for person in people])

    assert [person for person in people if outcomes[person] == ALREADY] == [people[3], people[25]]
    assert set(outcomes.values()) == {ALREADY, Applied()}
    assert await world.members(group) == set(people)


async def test_an_unknown_person_is_refused_and_her_neighbors_are_granted(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    ada, ben = tenant.add_person("Ada"), tenant.add_person("Ben")
    group = tenant.add_group("Target")
    world = await open_world(tenant)

    outcomes = await world.targets.carry_out(group, [grant(ada), grant(NOBODY), grant(ben)])

    refused = outcomes[NOBODY]
    assert isinstance(refused, Refused)
    assert refused.fix
    assert outcomes[ada] == outcomes[ben] == Applied()


async def test_revoking_from_an_unknown_person_finds_it_already_so(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    group = tenant.add_group("Target")
    world = await open_world(tenant)
    assert await world.targets.carry_out(group, [revoke(NOBODY)]) == {NOBODY: ALREADY}


async def test_a_group_that_is_gone_refuses_revokes_as_well_as_grants(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {number}") for number in range(4)]
    world = await open_world(tenant)

    changes = [*map(grant, people[:2]), *map(revoke, people[2:])]
    outcomes = await world.targets.carry_out(NO_GROUP, changes)

    assert set(outcomes) == set(people)
    assert all(isinstance(outcome, Refused) and outcome.fix for outcome in outcomes.values())


@pytest.mark.parametrize(
    "fields",
    [
        {"types": ("DynamicMembership",)},
        {"synced": True},
        {"mail_enabled": True},
        {"role_assignable": True},
    ],
    ids=["dynamic", "synced", "mail-enabled", "role-assignable"],
)
async def test_a_group_that_cannot_be_written_refuses_with_a_fix(
    open_world: OpenWorld, fields: dict[str, object]
) -> None:
    tenant = FakeTenant()
    ada, ben, cyd = (tenant.add_person(name) for name in ("Ada", "Ben", "Cyd"))
    group = tenant.add_group("Target", None, cyd)
    tenant.change_group(group, **fields)
    world = await open_world(tenant)

    outcomes = await world.targets.carry_out(group, [grant(ada), grant(ben), revoke(cyd)])

    assert all(isinstance(outcome, Refused) and outcome.fix for outcome in outcomes.values())
    assert await world.members(group) == {cyd}


async def test_malformed_ids_are_refused_and_never_sent(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    group = tenant.add_group("Target", None, ada)
    world = await open_world(tenant)

    hostile = f"{ada}#"
    outcomes = await world.targets.carry_out(group, [revoke(hostile), revoke(ada), grant("")])
    assert isinstance(outcomes[hostile], Refused)
    assert isinstance(outcomes[""], Refused)
    assert outcomes[ada] == Applied()

    outcomes = await world.targets.carry_out(f"{group}/../users", [revoke(ada)])
    assert isinstance(outcomes[ada], Refused)


async def test_throttling_postpones_everyone(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada, ben = tenant.add_person("Ada"), tenant.add_person("Ben")
    group = tenant.add_group("Target", None, ben)
    world = await open_world(tenant)
    await world.throttle_next("carry_out", after=75)

    outcomes = await world.targets.carry_out(group, [grant(ada), revoke(ben)])

    assert all(isinstance(o, Postponed) and o.after == 75 for o in outcomes.values())
    assert await world.members(group) == {ben}


async def test_a_missing_permission_refuses_and_is_named(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    group = tenant.add_group("Target")
    world = await open_world(tenant)
    await world.forbid("carry_out")

    outcome = (await world.targets.carry_out(group, [grant(ada)]))[ada]

    assert isinstance(outcome, Refused)
    assert "GroupMember.ReadWrite.All" in outcome.fix


async def test_nothing_to_do_is_done(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    world = await open_world(tenant)
    assert await world.targets.carry_out(tenant.add_group("Target"), []) == {}
