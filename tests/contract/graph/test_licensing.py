"""What `Targets` promises about licenses: look again, take direct ones, license a group."""

import pytest

from domain.change import Action, Change
from domain.outcome import Applied, LicenseError, LicenseState, Postponed, Refused
from tests.contract.graph.conftest import OpenWorld
from tests.contract.graph.eventually import eventually
from tests.contract.graph.worlds import World, undated
from tests.fakes.tenant import FakeTenant

NOBODY = "11111111-2222-3333-4444-555555555555"
NO_GROUP = "66666666-7777-8888-9999-000000000000"
ALREADY = Applied("already so")
PLAN = "efb87545-963c-4e0d-99df-69c6916d9eb0"


async def licensed_by(world: World, group: str, person: str) -> bool:
    states = (await world.directory.licenses(group, [person]))[person]
    return any(state.group == group and state.active for state in states or ())


async def test_who_found_no_seat_gets_one_that_was_bought_once_entra_looks_again(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3", seats=1)
    ada, ben = tenant.add_person("Ada"), tenant.add_person("Ben")
    group = tenant.add_group("Licensed", None, ada, ben)
    tenant.license_group(group, sku)
    world = await open_world(tenant)
    await world.set_seats(sku, 2)
    before = undated(await world.directory.licenses(group, [ben]))

    outcomes = await world.targets.reprocess([ben])

    failed = LicenseState(sku, group, active=False, error=LicenseError.COUNT)
    assert before == {ben: (failed,)}
    assert isinstance(outcomes[ben], Applied)
    await eventually(lambda: licensed_by(world, group, ben))


@pytest.mark.parametrize("error", LicenseError)
async def test_each_error_is_told_and_ends_when_its_cause_has_gone_and_entra_looks_again(
    open_world: OpenWorld, error: LicenseError
) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    ada = tenant.add_person("Ada")
    group = tenant.add_group("Licensed")
    tenant.license_group(group, sku)
    world = await open_world(tenant)
    await world.spoil_license(ada, sku, error)
    await world.targets.carry_out(group, [Change(Action.GRANT, ada, "entitled")])

    async def failed() -> bool:
        states = undated(await world.directory.licenses(group, [ada]))
        return states[ada] == (LicenseState(sku, group, active=False, error=error),)

    await eventually(failed)
    await world.spoil_license(ada, sku, None)
    await world.targets.reprocess([ada])
    await eventually(lambda: licensed_by(world, group, ada))


async def test_many_are_looked_at_again_and_who_is_unknown_is_refused(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {number}") for number in range(45)]
    world = await open_world(tenant)

    outcomes = await world.targets.reprocess([*people, NOBODY, f"{people[0]}/$ref"])

    assert set(outcomes) == {*people, NOBODY, f"{people[0]}/$ref"}
    assert all(isinstance(outcomes[person], Applied) for person in people)
    for unknown in (NOBODY, f"{people[0]}/$ref"):
        refused = outcomes[unknown]
        assert isinstance(refused, Refused)
        assert refused.fix
    assert await world.targets.reprocess([]) == {}


async def test_a_license_is_taken_where_it_is_direct_and_is_else_already_gone(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    ada, ben, cyd = (tenant.add_person(name) for name in ("Ada", "Ben", "Cyd"))
    group = tenant.add_group("Licensed", None, ada, ben)
    tenant.license_group(group, sku)
    tenant.assign(ada, sku)
    world = await open_world(tenant)

    outcomes = await world.targets.take_direct({one: [sku] for one in (ada, ben, cyd, NOBODY)})

    assert outcomes == {ada: Applied(), ben: ALREADY, cyd: ALREADY, NOBODY: ALREADY}
    states = undated(await world.directory.licenses(group, [ada, ben, cyd]))
    ours = LicenseState(sku, group, active=True)
    assert states == {ada: (ours,), ben: (ours,), cyd: ()}
    assert await world.targets.take_direct({ada: [sku]}) == {ada: ALREADY}


async def test_one_license_that_is_not_hers_does_not_keep_the_others(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    e3, e5, visio = (tenant.add_product(name) for name in ("SPE_E3", "SPE_E5", "VISIO"))
    ada, ben = tenant.add_person("Ada"), tenant.add_person("Ben")
    tenant.assign(ada, e3)
    tenant.assign(ada, visio)
    world = await open_world(tenant)

    outcomes = await world.targets.take_direct({ada: [e3, e5, visio], ben: [e3, e5], NOBODY: []})

    assert outcomes == {ada: Applied(), ben: ALREADY, NOBODY: ALREADY}
    assert (await world.directory.licenses(NO_GROUP, [ada]))[ada] == ()


async def test_a_direct_license_tells_which_plans_are_off(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    ada = tenant.add_person("Ada")
    tenant.assign(ada, sku, [PLAN])
    world = await open_world(tenant)

    states = undated(await world.directory.licenses(NO_GROUP, [ada]))

    assert states == {ada: (LicenseState(sku, None, active=True, disabled=frozenset({PLAN})),)}


async def test_a_groups_license_is_set_with_its_plans_and_the_others_stay(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    e3, visio = tenant.add_product("SPE_E3"), tenant.add_product("VISIO")
    ada = tenant.add_person("Ada")
    group = tenant.add_group("Licensed", None, ada)
    tenant.license_group(group, visio)
    world = await open_world(tenant)

    first = await world.targets.license(group, {e3: []})
    second = await world.targets.license(group, {e3: [PLAN]})

    assert (first, second) == (Applied(), Applied())
    found = (await world.directory.find_groups([group]))[group]
    assert found.licenses == {visio: (), e3: (PLAN,)}

    async def off() -> bool:
        states = undated(await world.directory.licenses(group, [ada]))[ada] or ()
        return set(states) == {
            LicenseState(visio, group, active=True),
            LicenseState(e3, group, active=True, disabled=frozenset({PLAN})),
        }

    await eventually(off)


async def test_what_cannot_be_licensed_is_refused_with_a_fix(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    group = tenant.add_group("Target")
    world = await open_world(tenant)

    for outcome in (
        await world.targets.license(NO_GROUP, {sku: []}),
        await world.targets.license(f"{group}/..", {sku: []}),
        await world.targets.license(group, {NOBODY: []}),
        await world.targets.license(group, {"SPE_E3": []}),
    ):
        assert isinstance(outcome, Refused)
        assert outcome.fix
    assert await world.targets.license(group, {}) == ALREADY
    assert (await world.directory.find_groups([group]))[group].licenses == {}


async def test_throttling_postpones_everyone(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    people = [tenant.add_person(f"Person {number}") for number in range(30)]
    world = await open_world(tenant)

    await world.throttle_next("reprocess", after=75)
    looked_at = await world.targets.reprocess(people)
    await world.throttle_next("take_direct", after=75)
    taken = await world.targets.take_direct({person: [sku] for person in people})
    await world.throttle_next("license", after=75)
    given = await world.targets.license(tenant.add_group("Target"), {sku: []})

    for outcome in (*looked_at.values(), *taken.values(), given):
        assert isinstance(outcome, Postponed)
        assert outcome.after == 75


@pytest.mark.parametrize(
    ("call", "permission"),
    [
        ("reprocess", "User.ReadWrite.All"),
        ("take_direct", "LicenseAssignment.ReadWrite.All"),
        ("license", "LicenseAssignment.ReadWrite.All"),
    ],
)
async def test_a_missing_permission_refuses_and_is_named(
    open_world: OpenWorld, call: str, permission: str
) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    ada = tenant.add_person("Ada")
    group = tenant.add_group("Target")
    world = await open_world(tenant)
    await world.forbid(call)

    match call:
        case "reprocess":
            outcome = (await world.targets.reprocess([ada]))[ada]
        case "take_direct":
            outcome = (await world.targets.take_direct({ada: [sku]}))[ada]
        case _:
            outcome = await world.targets.license(group, {sku: []})

    assert isinstance(outcome, Refused)
    assert permission in outcome.fix


@pytest.mark.parametrize("may_ask", [True, False])
async def test_a_grant_to_someone_inside_makes_entra_look_again(
    open_world: OpenWorld, may_ask: bool
) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3", seats=1)
    ada, ben, cyd = (tenant.add_person(name) for name in ("Ada", "Ben", "Cyd"))
    group = tenant.add_group("Licensed", None, ada, ben)
    tenant.license_group(group, sku)
    world = await open_world(tenant)
    await world.set_seats(sku, 3)
    if not may_ask:
        await world.forbid("reprocess")

    changes = [
        Change(Action.GRANT, ben, "a seat is free", inside=True),
        Change(Action.GRANT, cyd, "entitled"),
    ]
    outcomes = await world.targets.carry_out(group, changes)

    assert isinstance(outcomes[ben], Applied)
    assert outcomes[cyd] == Applied()
    await eventually(lambda: licensed_by(world, group, ben))
    assert await world.members(group) == {ada, ben, cyd}
