"""In a dry run everything is read, and nothing that could change the tenant leaves the process."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.graph.batch import Call, post
from adapters.graph.client import GraphClient
from adapters.graph.directory import GraphDirectory
from adapters.graph.dry_run import refuse_all_writes, refuse_writes
from adapters.graph.subscriptions import GraphSubscriptions
from adapters.graph.targets import GraphTargets
from domain.change import Action, Change
from domain.errors import Never
from domain.outcome import Refused
from tests.contract.graph.rounds import SeenGroups, SeenPeople
from tests.contract.graph.simulated import SimulatedGraph
from tests.contract.graph.worlds import SimulatedWorld, document_of
from tests.fakes.tenant import FakeTenant

REFUSED = Refused(
    "Seatflow runs in dry-run mode, so nothing is written to the tenant.",
    "Set MODE to live to allow it.",
)
READ = {"id": "1", "method": "GET", "url": "/users"}


async def test_every_change_is_refused_and_the_tenant_sees_no_write(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {n}") for n in range(50)]
    group = tenant.add_group("Target", None, *people[:25])
    await graph.load(document_of(tenant))
    client = graph.another_client(gate=refuse_writes)

    changes = [Change(Action.REVOKE, person, "left") for person in people[:25]]
    changes += [Change(Action.GRANT, person, "entitled") for person in people[25:]]
    targets = GraphTargets(client)
    outcomes = [await targets.carry_out(group, part) for part in (changes, changes[-1:])]
    await client.close()

    assert outcomes[0] == dict.fromkeys(people, REFUSED)
    assert outcomes[1] == {people[-1]: REFUSED}
    assert await SimulatedWorld(graph).members(group) == set(people[:25])
    stats = await graph.switch("GET", "stats")
    assert not [name for name in stats["operations"] if not name.startswith("GET ")]
    assert stats["writes"] == 0


async def test_no_license_is_written_either(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    people = [tenant.add_person(f"Person {n}") for n in range(25)]
    group = tenant.add_group("Target", None, *people)
    tenant.assign(people[0], sku)
    await graph.load(document_of(tenant))
    client = graph.another_client(gate=refuse_writes)
    targets = GraphTargets(client)
    again = [Change(Action.GRANT, person, "a seat is free", inside=True) for person in people]

    looked_at = await targets.reprocess(people)
    inside = await targets.carry_out(group, again)
    taken = await targets.take_direct({person: [sku, group] for person in people})
    given = await targets.license(group, {sku: []})
    await client.close()

    assert looked_at == inside == taken == dict.fromkeys(people, REFUSED)
    assert given == REFUSED
    stats = await graph.switch("GET", "stats")
    assert (stats["requests"], stats["writes"]) == (0, 0)
    assert await SimulatedWorld(graph).members(group) == set(people)


async def test_everything_is_read(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    sku = tenant.add_product("SPE_E3")
    ada = tenant.add_person("Ada", mail="ada@contoso.example")
    group = tenant.add_group("Licensed", None, ada)
    tenant.license_group(group, sku)
    await graph.load(document_of(tenant))
    client = graph.another_client(gate=refuse_writes)
    directory = GraphDirectory(client)

    people, groups = SeenPeople(), SeenGroups()
    await people.take(directory.people(None))
    await groups.take(directory.groups(None))

    assert list(people.people) == [ada]
    assert groups.people == {group: {ada}}
    assert set(await directory.products()) == {sku}
    assert set(await directory.find_groups([group])) == {group}
    assert (await directory.close_up([ada]))[ada]
    assert (await directory.licenses(group, [ada]))[ada]
    assert await directory.find_person("ada@contoso.example") == ada
    since = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251 - the simulator's own clock
    assert await directory.membership_log(group, since) == []
    await client.close()


async def test_our_own_watches_are_allowed() -> None:
    for method, path in (
        ("POST", "/subscriptions"),
        ("PATCH", "/subscriptions/7f105c7d-2dc5-4530-97cd-4e7ae6534c07"),
        ("DELETE", "/subscriptions/7f105c7d-2dc5-4530-97cd-4e7ae6534c07"),
    ):
        refuse_writes(method, path, {})


async def test_a_watch_is_asked_for(graph: SimulatedGraph) -> None:
    await graph.load({})
    client = graph.another_client(gate=refuse_writes)
    subscriptions = GraphSubscriptions(client, "http://127.0.0.1:9")
    expires = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251 - the simulator's own clock

    with pytest.raises(Never, match="PUBLIC_URL"):  # Graph was asked, and could not reach us
        await subscriptions.create("users", "secret", expires)
    await client.close()


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "patch"])
@pytest.mark.parametrize(
    "path",
    [
        "/groups/66666666-7777-8888-9999-000000000000",
        "/groups/66666666-7777-8888-9999-000000000000/members/$ref",
        "/users/66666666-7777-8888-9999-000000000000/assignLicense",
        "/subscriptions/../groups",
        "/subscriptions/66666666-7777-8888-9999-000000000000/reauthorize",
        "/directoryObjects/getByIds/../../groups",
        "/$batch/x",
        "https://graph.microsoft.com/v1.0/subscriptions",
    ],
)
def test_every_other_request_is_refused(method: str, path: str) -> None:
    with pytest.raises(Never) as error:
        refuse_writes(method, path, {"requests": [READ]})
    assert (error.value.reason, error.value.fix) == (REFUSED.reason, REFUSED.fix)


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "get", None])
def test_one_write_refuses_the_whole_batch(method: str | None) -> None:
    write: dict[str, Any] = {"id": "2", "method": method, "url": "/groups"}
    refuse_writes("POST", "/$batch", {"requests": [READ, READ]})
    with pytest.raises(Never):
        refuse_writes("POST", "/$batch", {"requests": [READ, write, READ]})
    with pytest.raises(Never):
        refuse_writes("PUT", "/$batch", {"requests": [READ]})


async def test_a_live_client_writes(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    ada, group = tenant.add_person("Ada"), tenant.add_group("Target")
    await graph.load(document_of(tenant))
    live = GraphClient(graph.client.endpoint, graph.client._credential)
    await GraphTargets(live).carry_out(group, [Change(Action.GRANT, ada, "entitled")])
    await live.close()
    assert await SimulatedWorld(graph).members(group) == {ada}


READ_BY_POST = ("/directoryObjects/getByIds", "/$batch")


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "patch", "HEAD", ""])
@pytest.mark.parametrize("path", ["/subscriptions", "/groups/x", "/users/x/assignLicense"])
def test_a_visit_writes_nothing_at_all_not_even_watches(method: str, path: str) -> None:
    with pytest.raises(Never, match="Seatflow only looks at this tenant"):
        refuse_all_writes(method, path, {"requests": [READ]})


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "get", None])
def test_a_visit_reads_also_by_post_and_refuses_a_batch_for_one_write(method: str | None) -> None:
    write: dict[str, Any] = {"id": "2", "method": method, "url": "/subscriptions"}
    refuse_all_writes("GET", "/subscriptions", None)
    for path in READ_BY_POST:
        refuse_all_writes("POST", path, {"requests": [READ, READ]})
    with pytest.raises(Never):
        refuse_all_writes("POST", "/$batch", {"requests": [READ, write]})


async def test_a_batch_with_a_write_does_not_leave_a_visitors_client(graph: SimulatedGraph) -> None:
    await graph.load({})
    client = graph.another_client(gate=refuse_all_writes)
    calls = [Call("GET", "/users"), Call("PATCH", "/groups/66666666-7777-8888-9999-000000000000")]

    with pytest.raises(Never):
        await post(client, calls, "User.Read.All")
    await client.close()

    assert (await graph.switch("GET", "stats"))["requests"] == 0
