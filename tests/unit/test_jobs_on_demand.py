"""Attributes on demand, from the stored rule through inventory and compile to the license group."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from domain.errors import Never
from domain.jobs import Jobs
from domain.ports import PeoplePage
from tests.fakes.directory import FakeDirectory
from tests.unit.office import SALES, Office

COST_CENTER = "extension_0123456789abcdef0123456789abcdef_costCenter"


@pytest.fixture
def office() -> Office:
    return Office()


async def test_only_what_a_stored_rule_names_is_inventoried(office: Office) -> None:
    await office.offer("e3")
    ada = office.tenant.add_person("Ada", **{COST_CENTER: None})
    office.tenant.move(ada, **{COST_CENTER: "4711"})
    await office.run()
    before = await office.warehouse.latest()

    await office.offer("e5", policy={"rule": f'user.{COST_CENTER} -eq "4711"'})
    await office.run()
    after = await office.warehouse.latest()

    assert before
    assert after
    assert COST_CENTER not in before.people.columns
    assert after.people.column(COST_CENTER)[0] == "4711"
    assert not {"manager", "assignedPlans"} & after.people.columns.keys()


async def test_a_rule_for_a_custom_property_entitles_everyone_who_has_it(office: Office) -> None:
    await office.offer("e3")
    ada, ben = office.tenant.add_person("Ada"), office.tenant.add_person("Ben")
    office.tenant.move(ada, **{COST_CENTER: "4711"})
    await office.settle()  # an inventory without the property, whose token must not be used again

    e5 = await office.offer("e5", policy={"rule": f'user.{COST_CENTER} -eq "4711"'})
    await office.settle()
    assert office.members(e5) == {ada}

    office.tenant.move(ben, **{COST_CENTER: "4711"})
    office.tenant.move(ada, **{COST_CENTER: None})
    await office.settle()
    assert office.members(e5) == {ben}


async def test_direct_reports_come_and_go_with_their_manager(office: Office) -> None:
    eve, fay = office.tenant.add_person("Eve"), office.tenant.add_person("Fay")
    ada, ben = (office.tenant.add_person(name, manager=eve) for name in ("Ada", "Ben"))
    team = await office.offer("e3", policy={"rule": f'Direct Reports for "{eve}"'})
    await office.settle()
    assert office.members(team) >= {ada, ben}
    assert fay not in office.members(team)

    office.tenant.move(ada, department="Legal")  # says nothing of her manager
    office.tenant.move(ben, manager=fay)
    await office.settle()
    assert ada in office.members(team)
    assert ben not in office.members(team)


async def test_a_hint_reads_the_manager_afresh(office: Office) -> None:
    eve, fay = office.tenant.add_person("Eve"), office.tenant.add_person("Fay")
    ada = office.tenant.add_person("Ada", manager=fay)
    team = await office.offer("e3", policy={"rule": f'Direct Reports for "{eve}"'})
    await office.settle()
    assert ada not in office.members(team)

    office.tenant.move(ada, manager=eve)
    await office.jobs.recompile(f'{{"version": 1, "people": ["{ada}"]}}'.encode(), "moved")
    await office.deliver_all()
    assert ada in office.members(team)


async def test_a_property_that_graph_refuses_stops_its_own_bundle_only(office: Office) -> None:
    """Graph refuses a whole request for one property that no app has registered."""
    typo = COST_CENTER.replace("cost", "coost")
    refusal = Never(f"Could not find a property named '{typo}' on type 'microsoft.graph.user'.")
    e3 = await office.offer("e3")
    e5 = await office.offer("e5", policy={"rule": f'user.{typo} -eq "4711"'})
    ada = await office.hire("Ada", "Sales")
    office.directory.fail_next("people", error=refusal)
    await office.run()
    await office.deliver_all()
    assert office.members(e3) == {ada}
    assert not office.members(e5)
    held = {bundle.id: bundle.reason for bundle in (await office.jobs.status()).bundles}
    assert "is not in this inventory" in (held["e5"] or "")
    office.directory.fail_next("close_up", error=refusal)
    assert await office.jobs.explain(ada)


class Refusing(FakeDirectory):
    """Refuses whatever names a property that no app has registered any more."""

    async def people(
        self, token: str | None, also: frozenset[str] = frozenset()
    ) -> AsyncGenerator[PeoplePage]:
        if COST_CENTER in also:
            raise Never(f"Could not find a property named '{COST_CENTER}'.")
        async for page in super().people(token, also):
            yield page


@pytest.mark.parametrize("still_named", [True, False])
async def test_a_property_that_was_known_once_stops_its_own_bundle_only_when_it_is_gone(
    office: Office, still_named: bool
) -> None:
    """The last inventory has it, and so has the token of the next."""
    e3 = await office.offer("e3")
    e5 = await office.offer("e5", policy={"rule": f'user.{COST_CENTER} -eq "4711"'})
    ada = await office.hire("Ada", "Sales")
    office.tenant.move(ada, **{COST_CENTER: "4711"})
    await office.settle()
    assert office.members(e5) == {ada}

    if not still_named:
        await office.put(e5, policy=SALES)
    office.ports = replace(office.ports, directory=Refusing(office.tenant))
    office.jobs = Jobs(office.ports)
    eve = await office.hire("Eve", "Sales")
    office.clock.advance(300)
    assert (await office.run()).reason is None
    await office.deliver_all()
    assert office.members(e3) == {ada, eve}
    assert office.members(e5) == ({ada} if still_named else {ada, eve})
    office.clock.advance(300)
    office.log.lines.clear()
    assert (await office.run()).reason is None
    assert "inventory.resync" not in [event for event, _ in office.log.lines]


async def test_a_refusal_that_names_no_property_is_not_swallowed(office: Office) -> None:
    await office.offer("e3")
    office.directory.fail_next("people", error=Never("Graph refuses."))
    assert (await office.run()).reason == "Graph refuses."
