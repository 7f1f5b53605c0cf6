"""Service plans that build on others: what Graph refuses is refused with the plans' names."""

from uuid import UUID

from adapters.graph.targets import GraphTargets
from domain.outcome import Applied, Refused
from tests.contract.graph.simulated import Json, SimulatedGraph
from tests.contract.graph.worlds import document_of
from tests.fakes.tenant import FakeTenant

OFFICE, CALLS = (str(UUID(int=number)) for number in (1, 2))


def product(sku: str, plan: str) -> Json:
    plans = [{"servicePlanId": sku, "servicePlanName": plan}]
    units = {"enabled": 9, "warning": 0}
    return {"skuId": sku, "skuPartNumber": plan, "prepaidUnits": units, "servicePlans": plans}


async def load(graph: SimulatedGraph, tenant: FakeTenant, *direct: str) -> None:
    document = document_of(tenant)
    document["subscribedSkus"] = [product(OFFICE, "TEAMS1"), product(CALLS, "MCOEV")]
    for user in document["users"]:
        user["assignedLicenses"] = [{"skuId": sku} for sku in direct]
    await graph.load(document)


async def test_what_another_direct_license_depends_on_is_not_taken(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    await load(graph, tenant, OFFICE, CALLS)
    targets = GraphTargets(graph.client)

    refused = (await targets.take_direct({ada: [OFFICE]}))[ada]
    both = await targets.take_direct({ada: [OFFICE, CALLS]})

    assert isinstance(refused, Refused)
    assert "MCOEV depends on the service plan(s) TEAMS1" in refused.reason
    assert both == {ada: Applied()}


async def test_an_add_on_needs_what_it_builds_on_in_the_same_group(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    group = tenant.add_group("Target")
    await load(graph, tenant)
    targets = GraphTargets(graph.client)

    refused = await targets.license(group, {CALLS: []})
    together = await targets.license(group, {CALLS: [], OFFICE: []})
    without_plan = await targets.license(group, {OFFICE: [OFFICE]})

    assert together == Applied()
    for outcome in (refused, without_plan):
        assert isinstance(outcome, Refused)
        assert "MCOEV" in outcome.reason
        assert outcome.fix
