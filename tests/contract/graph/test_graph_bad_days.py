"""Graph's bad days, through the adapters: faults inside batches, limits, lag, lost answers."""

import socket

import pytest

from adapters.graph.client import GraphClient
from adapters.graph.directory import GraphDirectory
from adapters.graph.targets import GraphTargets
from domain.change import Action, Change
from domain.errors import Later
from domain.outcome import Applied, Postponed, Refused
from tests.contract.graph.simulated import SimulatedGraph
from tests.contract.graph.token import LocalToken
from tests.contract.graph.worlds import document_of
from tests.fakes.tenant import FakeTenant

ALREADY = Applied("already so")


def grants(people: list[str]) -> list[Change]:
    return [Change(Action.GRANT, person, "entitled") for person in people]


def revokes(people: list[str]) -> list[Change]:
    return [Change(Action.REVOKE, person, "no longer entitled") for person in people]


def team(size: int, *, inside: bool = False) -> tuple[FakeTenant, str, list[str]]:
    """Return a tenant with a group and people in it or beside it."""
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {number}") for number in range(size)]
    return tenant, tenant.add_group("Target", None, *(people if inside else ())), people


async def members(graph: SimulatedGraph, group: str) -> set[str]:
    tenant = await graph.switch("GET", "tenant")
    return next(set(one["members"]) for one in tenant["groups"] if one["id"] == group)


async def test_one_throttled_removal_is_postponed_alone(graph: SimulatedGraph) -> None:
    tenant, group, people = team(10, inside=True)
    await graph.load(document_of(tenant))
    await graph.fault(f"DELETE .*{people[4]}", status=429, retry_after=2.128, in_batch=True)

    outcomes = dict(await GraphTargets(graph.client).carry_out(group, revokes(people)))

    late = outcomes.pop(people[4])
    assert isinstance(late, Postponed)
    assert late.after == pytest.approx(2.128)
    assert set(outcomes.values()) == {Applied()}
    assert await members(graph, group) == {people[4]}


async def test_everyone_in_a_throttled_patch_is_postponed(graph: SimulatedGraph) -> None:
    tenant, group, people = team(45)
    await graph.load(document_of(tenant))
    await graph.fault("PATCH /groups/", status=429, retry_after=9, times=1, in_batch=True)

    outcomes = await GraphTargets(graph.client).carry_out(group, grants(people))

    late = [person for person in people if isinstance(outcomes[person], Postponed)]
    assert len(late) == 20
    assert await members(graph, group) == set(people) - set(late)


async def test_after_throttling_nothing_more_is_sent(graph: SimulatedGraph) -> None:
    tenant, group, people = team(60, inside=True)
    await graph.load(document_of(tenant))
    await graph.fault(f"DELETE .*{people[0]}", status=429, retry_after=30, in_batch=True)

    outcomes = await GraphTargets(graph.client).carry_out(group, revokes(people))

    assert sum(outcome == Applied() for outcome in outcomes.values()) == 19
    assert {o.after for o in outcomes.values() if isinstance(o, Postponed)} == {30.0}
    assert await members(graph, group) == {people[0], *people[20:]}


async def test_the_longest_wait_in_a_batch_counts_for_all_who_must_wait(
    graph: SimulatedGraph,
) -> None:
    tenant, group, people = team(10, inside=True)
    await graph.load(document_of(tenant))
    for person, wait in zip(people, (5, 40, 20), strict=False):
        await graph.fault(f"DELETE .*{person}", status=429, retry_after=wait, in_batch=True)

    outcomes = await GraphTargets(graph.client).carry_out(group, revokes(people))

    late = [outcomes[person] for person in people[:3]]
    assert [o.after for o in late if isinstance(o, Postponed)] == [40.0, 40.0, 40.0]


async def test_places_are_freed_before_they_are_taken(graph: SimulatedGraph) -> None:
    tenant, group, people = team(10)
    tenant.join(group, *people[:5])
    await graph.load(document_of(tenant), member_quota=5)

    changes = [*grants(people[5:]), *revokes(people[:5])]
    outcomes = await GraphTargets(graph.client).carry_out(group, changes)

    assert outcomes == dict.fromkeys(people, Applied())


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_broken_write_is_postponed_and_may_be_repeated(
    graph: SimulatedGraph, status: int
) -> None:
    tenant, group, people = team(3)
    await graph.load(document_of(tenant))
    # The write is done and the answer says otherwise: the next try must find it already so.
    await graph.fault("PATCH /groups/", status=status, times=1, in_batch=True, when="after")
    targets = GraphTargets(graph.client)

    first = await targets.carry_out(group, grants(people))
    second = await targets.carry_out(group, grants(people))

    assert all(isinstance(outcome, Postponed) for outcome in first.values())
    assert second == dict.fromkeys(people, ALREADY)


async def test_an_answer_that_is_lost_postpones(graph: SimulatedGraph) -> None:
    tenant, group, people = team(3, inside=True)
    await graph.load(document_of(tenant))
    await graph.fault(r"POST /\$batch", body="none", times=1, when="after")
    targets = GraphTargets(graph.client)

    first = await targets.carry_out(group, revokes(people))
    second = await targets.carry_out(group, revokes(people))

    assert all(isinstance(outcome, Postponed) for outcome in first.values())
    assert second == dict.fromkeys(people, ALREADY)
    assert await members(graph, group) == set()


async def test_once_throttled_no_other_write_knocks_meanwhile(graph: SimulatedGraph) -> None:
    tenant, group, people = team(3)
    other = tenant.add_group("Other")
    await graph.load(document_of(tenant))
    await graph.fault("PATCH /groups/", status=429, times=1, in_batch=True, retry_after=60)
    targets = GraphTargets(graph.client)

    await targets.carry_out(group, grants(people))
    before = await graph.switch("GET", "stats")
    outcomes = await targets.carry_out(other, grants(people))

    assert all(isinstance(o, Postponed) and 50 < o.after <= 60 for o in outcomes.values())
    assert await graph.switch("GET", "stats") == before
    assert await members(graph, other) == set()


async def test_the_write_quota_is_waited_for(graph: SimulatedGraph) -> None:
    tenant, group, people = team(60, inside=True)
    await graph.load(document_of(tenant), writes=30, retry_after="none")

    outcomes = await GraphTargets(graph.client).carry_out(group, revokes(people))

    assert sum(outcome == Applied() for outcome in outcomes.values()) == 30
    assert {o.after for o in outcomes.values() if isinstance(o, Postponed)} == {150.0}


@pytest.mark.parametrize("form", ["seconds", "fraction", "date"])
async def test_every_form_of_retry_after_is_understood(graph: SimulatedGraph, form: str) -> None:
    tenant, group, people = team(60, inside=True)
    await graph.load(document_of(tenant), writes=30, write_window=15_000, retry_after=form)
    await graph.switch("POST", "clock", {"advance": 1_000_000})

    outcomes = await GraphTargets(graph.client).carry_out(group, revokes(people))

    waits = {o.after for o in outcomes.values() if isinstance(o, Postponed)}
    assert len(waits) == 1
    assert 300 < waits.pop() < 6_000


async def test_a_full_group_takes_as_many_as_fit(graph: SimulatedGraph) -> None:
    tenant, group, people = team(25)
    await graph.load(document_of(tenant), member_quota=22)

    outcomes = await GraphTargets(graph.client).carry_out(group, grants(people))

    refused = [o for o in outcomes.values() if isinstance(o, Refused)]
    assert len(refused) == 3
    assert "full" in refused[0].reason
    assert len(await members(graph, group)) == 22


async def test_a_guest_does_not_keep_the_others_out(graph: SimulatedGraph) -> None:
    tenant, group, people = team(5)
    tenant.change_group(group, types=("Unified",), mail_enabled=True)
    tenant.move(people[2], userType="Guest")
    await graph.load(document_of(tenant), guests_in_microsoft_365_groups=False)

    outcomes = dict(await GraphTargets(graph.client).carry_out(group, grants(people)))

    guest = outcomes.pop(people[2])
    assert isinstance(guest, Refused)
    assert "guest" in guest.reason.lower()
    assert set(outcomes.values()) == {Applied()}


async def test_a_group_nobody_may_write_is_asked_about_once(graph: SimulatedGraph) -> None:
    tenant, group, people = team(100)
    tenant.change_group(group, synced=True)
    await graph.load(document_of(tenant))

    outcomes = await GraphTargets(graph.client).carry_out(group, grants(people))

    assert len(set(outcomes.values())) == 1
    assert await requests_of(graph) == {"POST /$batch": 1, "PATCH /groups/{group}": 5}


async def test_a_clean_page_costs_one_request(graph: SimulatedGraph) -> None:
    tenant, group, people = team(100)
    await graph.load(document_of(tenant))

    await GraphTargets(graph.client).carry_out(group, grants(people))

    assert await requests_of(graph) == {"POST /$batch": 1, "PATCH /groups/{group}": 5}


async def test_whether_the_group_exists_is_asked_once(graph: SimulatedGraph) -> None:
    tenant, group, people = team(50)
    await graph.load(document_of(tenant))

    outcomes = await GraphTargets(graph.client).carry_out(group, revokes(people))

    assert outcomes == dict.fromkeys(people, ALREADY)
    assert (await requests_of(graph))["GET /groups/{group}"] == 1


async def test_where_the_group_cannot_be_asked_about_the_absent_are_postponed(
    graph: SimulatedGraph,
) -> None:
    tenant, group, people = team(2)
    await graph.load(document_of(tenant))
    await graph.fault(f"GET /groups/{group}", status=503, retry_after=40, times=1)

    outcomes = await GraphTargets(graph.client).carry_out(group, revokes(people))

    assert {type(outcome) for outcome in outcomes.values()} == {Postponed}


async def test_people_removed_a_moment_ago_are_already_out(graph: SimulatedGraph) -> None:
    tenant, group, people = team(3, inside=True)
    await graph.load(document_of(tenant), replication_lag=60)
    targets = GraphTargets(graph.client)

    await targets.carry_out(group, revokes(people))

    assert await targets.carry_out(group, revokes(people)) == dict.fromkeys(people, ALREADY)


async def test_nobody_is_ever_deleted(graph: SimulatedGraph) -> None:
    tenant, group, people = team(20, inside=True)
    await graph.load(document_of(tenant))
    targets = GraphTargets(graph.client)

    await targets.carry_out(group, revokes(people))
    hostile = [f"{people[0]}?", f"{people[0]}/", f"{people[0]}%20", f" {people[0]}", people[0][:-1]]
    await targets.carry_out(group, revokes(hostile))

    assert len((await graph.switch("GET", "tenant"))["users"]) == 20


async def test_one_failed_question_fails_the_close_up(graph: SimulatedGraph) -> None:
    tenant, _, people = team(30, inside=True)
    await graph.load(document_of(tenant))
    await graph.fault(f"GET /users/{people[25]}/memberOf", status=503, in_batch=True, times=1)

    with pytest.raises(Later):
        await GraphDirectory(graph.client).close_up(people)


async def test_a_person_without_an_answer_about_groups_is_not_without_groups(
    graph: SimulatedGraph,
) -> None:
    tenant, _, people = team(2, inside=True)
    await graph.load(document_of(tenant))
    await graph.fault(f"GET /users/{people[1]}/transitiveMemberOf", status=404, in_batch=True)

    with pytest.raises(Later):
        await GraphDirectory(graph.client).close_up(people)


async def test_a_person_with_more_groups_than_a_page_is_seen_whole(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    groups = {tenant.add_group(f"Group {number}", None, ada) for number in range(1_050)}
    await graph.load(document_of(tenant))

    view = (await GraphDirectory(graph.client).close_up([ada]))[ada]

    assert view
    assert view.direct == view.everywhere == frozenset(groups)


async def test_one_failed_license_fails_them_all(graph: SimulatedGraph) -> None:
    tenant, group, people = team(30)
    await graph.load(document_of(tenant))
    await graph.fault("GET /users$", status=503, in_batch=True, times=1)

    with pytest.raises(Later):
        await GraphDirectory(graph.client).licenses(group, people)

    await graph.fault("GET /users$", status=400, in_batch=True)  # now they are read one by one
    await graph.fault(f"GET /users/{people[25]}", status=503, in_batch=True, times=1)
    with pytest.raises(Later):
        await GraphDirectory(graph.client).licenses(group, people)


async def test_licenses_are_read_fifteen_people_at_a_time(graph: SimulatedGraph) -> None:
    tenant, group, people = team(100, inside=True)
    await graph.load(document_of(tenant))

    await GraphDirectory(graph.client).licenses(group, people)

    assert await requests_of(graph) == {"GET /users": 7, "POST /$batch": 1}
    assert (await graph.switch("GET", "stats"))["resource_units"] == 7


async def test_a_short_wait_is_slept_through(graph: SimulatedGraph) -> None:
    await graph.load(document_of(FakeTenant()))
    await graph.fault("GET /subscribedSkus", status=503, retry_after=0.01, times=2)
    patient = graph.another_client(tries=3)
    try:
        assert await GraphDirectory(patient).products() == {}
    finally:
        await patient.close()


async def test_a_long_wait_is_left_to_the_queue(graph: SimulatedGraph) -> None:
    await graph.load(document_of(FakeTenant()))
    await graph.fault("GET /subscribedSkus", status=429, retry_after=120, times=1)
    patient = graph.another_client(tries=3)
    try:
        with pytest.raises(Later) as error:
            await GraphDirectory(patient).products()
        assert error.value.after == 120
    finally:
        await patient.close()


@pytest.mark.parametrize("cut", ["half", "none"])
async def test_a_broken_answer_is_later(graph: SimulatedGraph, cut: str) -> None:
    await graph.load(document_of(FakeTenant()))
    await graph.fault("GET /subscribedSkus", body=cut, times=2)  # a read is sent again once
    with pytest.raises(Later):
        await GraphDirectory(graph.client).products()


async def test_nobody_listening_is_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: whoever connects is refused
        client = GraphClient(f"http://127.0.0.1:{taken.getsockname()[1]}/v1.0", LocalToken())
        with pytest.raises(Later):
            await GraphDirectory(client).products()
        await client.close()


async def requests_of(graph: SimulatedGraph) -> dict[str, int]:
    """Return what was asked of Graph, by operation."""
    stats = await graph.switch("GET", "stats")
    return dict(stats["operations"])
