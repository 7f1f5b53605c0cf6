"""Attributes on demand, from the stored rule through inventory and compile to the license group."""

import pytest

from domain.errors import Never
from tests.unit.office import Office

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


async def test_a_refusal_that_names_no_property_is_not_swallowed(office: Office) -> None:
    await office.offer("e3")
    office.directory.fail_next("people", error=Never("Graph refuses."))
    assert (await office.run()).reason == "Graph refuses."
