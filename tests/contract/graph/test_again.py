"""Who is inside and lacks the license, where the app may not ask Entra to look again."""

import pytest

from adapters.graph.again import HOLDS_SOME, NOT_YET_OUT, PUT_BACK
from adapters.graph.targets import GraphTargets
from domain.change import Action, Change
from domain.outcome import Applied, Outcome, Postponed, Refused
from tests.contract.graph.eventually import eventually
from tests.contract.graph.simulated import SimulatedGraph
from tests.contract.graph.worlds import SimulatedWorld, document_of
from tests.fakes.tenant import FakeTenant

OUT = r"DELETE /groups/.*/members"
IN = r"(PATCH /groups/|POST /groups/.*/members)"


class Office:
    """Ada holds the only seat of the group's product; Ben is inside and found none."""

    def __init__(self, graph: SimulatedGraph) -> None:
        self.graph = graph
        self.tenant = FakeTenant()
        self.sku = self.tenant.add_product("SPE_E3", seats=1)
        self.ada, self.ben = self.tenant.add_person("Ada"), self.tenant.add_person("Ben")
        self.group = self.tenant.add_group("Licensed", None, self.ada, self.ben)
        self.tenant.license_group(self.group, self.sku)
        self.world = SimulatedWorld(graph)

    async def open(self) -> None:
        await self.graph.load(document_of(self.tenant))
        await self.world.set_seats(self.sku, 2)
        await self.world.forbid("reprocess")

    async def grant_again(self, *people: str) -> dict[str, Outcome]:
        changes = [
            Change(Action.GRANT, person, "a seat is free", inside=True)
            for person in people or [self.ben]
        ]
        return dict(await GraphTargets(self.graph.client).carry_out(self.group, changes))

    async def inside(self) -> bool:
        return self.ben in await self.world.members(self.group)


@pytest.fixture
async def office(graph: SimulatedGraph) -> Office:
    office = Office(graph)
    await office.open()
    return office


async def test_she_is_taken_out_and_put_back(office: Office) -> None:
    assert await office.grant_again() == {office.ben: PUT_BACK}

    stats = await office.graph.switch("GET", "stats")
    assert stats["operations"]["DELETE /groups/{group}/members/{member}/$ref"] == 1
    assert stats["operations"]["PATCH /groups/{group}"] == 1
    assert await office.inside()


async def test_who_has_the_license_meanwhile_is_left_alone(office: Office) -> None:
    assert await office.grant_again(office.ada) == {office.ada: Applied("already so")}

    stats = await office.graph.switch("GET", "stats")
    assert not [name for name in stats["operations"] if name.startswith(("DELETE", "PATCH"))]
    assert await office.world.members(office.group) == {office.ada, office.ben}


async def test_whose_licenses_cannot_be_read_is_left_alone(office: Office) -> None:
    await office.graph.fault("GET /users/", status=503, in_batch=True, retry_after=40)

    (outcome,) = (await office.grant_again()).values()

    assert isinstance(outcome, Postponed)
    assert outcome.after == 40
    assert await office.inside()


async def test_who_cannot_be_taken_out_is_still_inside(office: Office) -> None:
    await office.graph.fault(OUT, status=429, in_batch=True, retry_after=40)

    (outcome,) = (await office.grant_again()).values()

    assert isinstance(outcome, Postponed)
    assert outcome.after == 40
    assert await office.inside()


async def test_who_cannot_be_put_back_now_is_put_back_when_it_is_repeated(office: Office) -> None:
    await office.graph.fault(IN, status=503, in_batch=True, retry_after=40)
    (outcome,) = (await office.grant_again()).values()
    assert isinstance(outcome, Postponed)
    assert outcome.after == 40
    assert not await office.inside()

    await office.graph.switch("DELETE", "faults")
    assert await office.grant_again() == {office.ben: PUT_BACK}
    assert await office.inside()


async def test_who_may_not_be_put_back_is_refused_with_a_fix(office: Office) -> None:
    await office.graph.fault(IN, status=403, in_batch=True)

    (outcome,) = (await office.grant_again()).values()

    assert isinstance(outcome, Refused)
    assert "GroupMember.ReadWrite.All" in outcome.fix


async def test_a_replica_that_still_counts_her_in_is_not_believed(office: Office) -> None:
    message = (
        "One or more added object references already exist for the following modified "
        "properties: 'members'."
    )
    code = "Request_BadRequest"
    await office.graph.fault(IN, status=400, code=code, message=message, in_batch=True)
    assert await office.grant_again() == {office.ben: NOT_YET_OUT}

    await office.graph.switch("DELETE", "faults")
    assert await office.grant_again() == {office.ben: PUT_BACK}
    assert await office.inside()


async def test_who_holds_some_of_the_groups_licenses_is_not_taken_out(
    graph: SimulatedGraph,
) -> None:
    office = Office(graph)
    visio = office.tenant.add_product("VISIO", seats=0)
    await office.open()
    await office.world.targets.license(office.group, {visio: []})

    async def failed() -> bool:
        states = (await office.world.directory.licenses(office.group, [office.ada]))[office.ada]
        return [state.active for state in states or ()] == [True, False]

    await eventually(failed)
    assert await office.grant_again(office.ada) == {office.ada: HOLDS_SOME}
    assert office.ada in await office.world.members(office.group)


async def test_who_holds_the_license_with_an_error_is_not_taken_out(
    graph: SimulatedGraph,
) -> None:
    office = Office(graph)
    document = document_of(office.tenant)
    state = {"skuId": office.sku, "assignedByGroup": office.group, "state": "ActiveWithError"}
    document["users"][0]["licenseAssignmentStates"] = [state | {"error": "DependencyViolation"}]
    await graph.load(document)
    await office.world.forbid("reprocess")

    assert await office.grant_again(office.ada) == {office.ada: HOLDS_SOME}
    assert office.ada in await office.world.members(office.group)


async def test_who_is_gone_is_refused(office: Office) -> None:
    gone = "11111111-2222-3333-4444-555555555555"
    (outcome,) = (await office.grant_again(gone)).values()
    assert isinstance(outcome, Refused)
    assert "not in the directory" in outcome.reason
