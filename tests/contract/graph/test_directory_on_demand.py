"""What `Directory` promises of attributes of every kind, and of those that are read on demand."""

from typing import Any

import pytest

from domain.attributes import MANAGER
from domain.errors import Resync
from domain.inventory.people import ServicePlan
from tests.contract.graph.conftest import OpenWorld
from tests.contract.graph.rounds import SeenPeople
from tests.contract.graph.worlds import World
from tests.fakes.tenant import FakeTenant

COST_CENTER = "extension_0123456789abcdef0123456789abcdef_costCenter"
BADGE = "extension_0123456789abcdef0123456789abcdef_badge"
COSTS, KIND = "employeeOrgData.costCenter", "employeeType"
PLANS = "assignedPlans"
MANAGERS = frozenset({MANAGER})
EXCHANGE = ServicePlan("efb87545-963c-4e0d-99df-69c6916d9eb0", "exchange", "Enabled")
TEAMS = ServicePlan("57ff2da0-773e-42df-b2af-ffb7a2317929", "TeamspaceAPI", "Deleted")
EVERY_KIND: dict[str, Any] = {
    "city": "Zürich",
    "accountEnabled": False,
    "dirSyncEnabled": True,
    "employeeHireDate": "2026-11-01T00:00:00Z",
    "extensionAttribute15": "x",
    "facsimileTelephoneNumber": "+41 44 1",
    "onPremisesDistinguishedName": "CN=Ada,OU=Finance,DC=contoso",
    "otherMails": ("ada@home.example", "a.l@home.example"),
    "passwordPolicies": "DisablePasswordExpiration, DisableStrongPassword",
    "proxyAddresses": ("SMTP:ada@contoso.example", "smtp:a.l@contoso.example"),
    "sipProxyAddress": "sip:ada@contoso.example",
    "telephoneNumber": "+41 44 2",
}


async def seen_by(world: World, *also: str) -> SeenPeople:
    seen = SeenPeople()
    await seen.take(world.directory.people(None, frozenset(also)))
    return seen


async def test_attributes_of_every_kind_are_read(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada, ben = tenant.add_person("Ada", **EVERY_KIND), tenant.add_person("Ben")
    world = await open_world(tenant)

    seen = await seen_by(world)
    views = await world.directory.close_up([ada])

    view = views[ada]
    assert view
    assert seen.people[ada] == view.person == tenant.person(ada)
    assert EVERY_KIND.items() <= seen.people[ada].attributes.items()
    assert seen.people[ben].attributes["proxyAddresses"] == ()


async def test_what_only_the_mapping_names_is_read_by_its_path(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada, ben = tenant.add_person("Ada", **{COSTS: "CC-7", KIND: "Intern"}), tenant.add_person("Ben")
    world = await open_world(tenant)

    seen = await seen_by(world, COSTS, KIND)
    views = await world.directory.close_up([ada], frozenset({COSTS, KIND}))

    assert (seen.people[ada].attributes[COSTS], seen.people[ada].attributes[KIND]) == (
        "CC-7",
        "Intern",
    )
    assert seen.people[ben].attributes[COSTS] is None
    view = views[ada]
    assert view
    assert view.person == seen.people[ada]


async def test_a_collection_that_is_emptied_is_empty(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada", **EVERY_KIND)
    world = await open_world(tenant)
    seen = await seen_by(world)

    await world.move(ada, otherMails=(), sipProxyAddress=None)
    await seen.take(world.directory.people(seen.token))

    assert seen.people[ada].attributes["otherMails"] == ()
    assert seen.people[ada].attributes["sipProxyAddress"] is None
    assert seen.people[ada].attributes["proxyAddresses"] == EVERY_KIND["proxyAddresses"]


async def test_attributes_on_demand_come_only_when_they_are_asked_for(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    on_demand: dict[str, Any] = {COST_CENTER: "4711", BADGE: "7", PLANS: (TEAMS, EXCHANGE)}
    ada, ben = tenant.add_person("Ada", **on_demand), tenant.add_person("Ben")
    world = await open_world(tenant)

    usual, wider = await seen_by(world), await seen_by(world, COST_CENTER, PLANS)
    view = (await world.directory.close_up([ada], frozenset({COST_CENTER})))[ada]

    assert view
    assert not on_demand.keys() & usual.people[ada].attributes.keys()
    assert wider.people[ada].attributes[COST_CENTER] == "4711"
    assert wider.people[ben].attributes[COST_CENTER] is None
    plans = wider.people[ada].attributes[PLANS]
    assert isinstance(plans, tuple)
    assert set(plans) == {EXCHANGE, TEAMS}
    assert wider.people[ben].attributes[PLANS] == ()
    assert BADGE not in wider.people[ada].attributes
    assert on_demand.keys() & view.person.attributes.keys() == {COST_CENTER}


async def test_a_later_round_reads_what_the_first_one_did(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    world = await open_world(tenant)
    seen = await seen_by(world, COST_CENTER, PLANS)

    await world.move(ada, **{COST_CENTER: "4712"})
    await seen.take(world.directory.people(seen.token, frozenset({COST_CENTER, PLANS})))
    assert seen.people[ada].attributes[COST_CENTER] == "4712"

    plans = {PLANS: (EXCHANGE,)}
    await world.move(ada, **plans)
    await seen.take(world.directory.people(seen.token, frozenset({COST_CENTER, PLANS})))
    assert seen.people[ada].attributes[PLANS] == (EXCHANGE,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), (PLANS,)),
        ((PLANS,), ()),
        ((PLANS,), (PLANS, MANAGER)),
        ((COST_CENTER,), (BADGE,)),
    ],
)
async def test_a_token_is_good_for_the_attributes_it_was_given_for(
    open_world: OpenWorld, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    tenant = FakeTenant()
    tenant.add_person("Ada")
    world = await open_world(tenant)
    seen = await seen_by(world, *before)

    with pytest.raises(Resync):
        await anext(world.directory.people(seen.token, frozenset(after)))
    await seen.take(world.directory.people(seen.token, frozenset(before)))


async def test_everyones_manager_is_read(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    eve = tenant.add_person("Eve")
    reports = [tenant.add_person(f"Person {n}", manager=eve) for n in range(9)]
    world = await open_world(tenant)

    seen = await seen_by(world, MANAGER)
    views = await world.directory.close_up([eve, reports[0]], MANAGERS)
    usual = await world.directory.close_up([reports[0]])

    assert seen.managers == dict.fromkeys(reports, eve)
    managers = [view.person.attributes[MANAGER] for view in views.values() if view]
    assert managers == [None, eve]
    assert [MANAGER in view.person.attributes for view in usual.values() if view] == [False]
    assert (await seen_by(world)).managers == {}


async def test_a_manager_who_changes_is_another_and_one_who_goes_is_none(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    eve, fay = tenant.add_person("Eve"), tenant.add_person("Fay")
    ada, ben, cyd = (tenant.add_person(name, manager=eve) for name in ("Ada", "Ben", "Cyd"))
    world = await open_world(tenant)
    seen = await seen_by(world, MANAGER)

    await world.move(ada, manager=fay)
    await world.move(ben, manager=None)
    await seen.take(world.directory.people(seen.token, MANAGERS))
    assert seen.managers == {ada: fay, cyd: eve}

    await world.move(ben, manager=fay)
    await world.remove_person(eve)
    await seen.take(world.directory.people(seen.token, MANAGERS))
    assert seen.managers == {ada: fay, ben: fay}


async def test_another_change_leaves_the_manager_as_it_is(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    eve = tenant.add_person("Eve")
    ada = tenant.add_person("Ada", manager=eve)
    world = await open_world(tenant)
    seen = await seen_by(world, MANAGER)

    await world.move(ada, department="Legal")
    await seen.take(world.directory.people(seen.token, MANAGERS))

    assert seen.people[ada].attributes["department"] == "Legal"
    assert seen.managers == {ada: eve}


async def test_whatever_comes_twice_late_or_apart_everyone_has_her_manager_in_the_end(
    open_world: OpenWorld,
) -> None:
    tenant = FakeTenant()
    bosses = [tenant.add_person(f"Boss {n}") for n in range(3)]
    people = [tenant.add_person(f"Person {n}", manager=bosses[n % 3]) for n in range(7)]
    world = await open_world(tenant)
    seen = await seen_by(world, MANAGER)
    now: dict[str, str | None] = {person: bosses[n % 3] for n, person in enumerate(people)}

    for step in range(12):
        for person in (people[step % 7], people[(step * 3) % 7]):
            now[person] = (*bosses, None)[(step + len(person)) % 4 if step % 3 else step % 4]
            await world.move(person, manager=now[person])
        if step % 4 == 3:  # there and back again between two rounds
            await world.move(people[0], manager=None)
            await world.move(people[0], manager=now[people[0]])
        await seen.take(world.directory.people(seen.token, MANAGERS))
        assert seen.managers == {person: boss for person, boss in now.items() if boss}
