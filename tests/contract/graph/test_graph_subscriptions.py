"""Change subscriptions at Graph: made, renewed, replaced and deleted."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from adapters.graph.subscriptions import GraphSubscriptions
from domain.errors import Forbidden, Later, Never
from tests.contract.graph.simulated import SimulatedGraph
from tests.contract.graph.worlds import document_of
from tests.fakes.tenant import FakeTenant

UNKNOWN = "11111111-2222-3333-4444-555555555555"


class Endpoint:
    """An app as Graph sees it: echoes validation tokens, and remembers where it was called."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.validated: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.validated.append(request.path)
        return web.Response(status=self.status, text=request.query.get("validationToken", ""))


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    endpoint = Endpoint()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", endpoint.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    endpoint.url = "http://{}:{}".format(*runner.addresses[0])
    yield endpoint
    await runner.cleanup()


@pytest.fixture
async def subscriptions(graph: SimulatedGraph, endpoint: Endpoint) -> GraphSubscriptions:
    await graph.load(document_of(FakeTenant()))
    found = GraphSubscriptions(graph.client, endpoint.url)
    for one in await found.existing():
        await found.delete(one)
    return found


@pytest.fixture
async def in_a_week(graph: SimulatedGraph) -> datetime:
    """A week from what the simulator takes for now."""
    moved = await graph.switch("POST", "clock", {"advance": 0})
    return datetime.fromtimestamp(int(moved["now"]), UTC) + timedelta(days=7)


async def test_a_subscription_is_made_with_both_addresses_validated(
    subscriptions: GraphSubscriptions, endpoint: Endpoint, in_a_week: datetime
) -> None:
    made, expires = await subscriptions.create("users", "a secret", in_a_week)

    assert expires == in_a_week
    assert await subscriptions.existing() == {made: in_a_week}
    assert sorted(endpoint.validated) == ["/api/graph/lifecycle", "/api/graph/notifications"]


async def test_users_and_groups_are_watched_side_by_side(
    subscriptions: GraphSubscriptions, in_a_week: datetime
) -> None:
    users, _ = await subscriptions.create("users", "a secret", in_a_week)
    groups, _ = await subscriptions.create("groups", "another", in_a_week)
    assert set(await subscriptions.existing()) == {users, groups}


async def test_renewing_moves_the_expiry(
    subscriptions: GraphSubscriptions, in_a_week: datetime
) -> None:
    made, _ = await subscriptions.create("users", "a secret", in_a_week)
    later = in_a_week + timedelta(days=7)

    assert await subscriptions.renew(made, later) == later
    assert await subscriptions.existing() == {made: later}


async def test_renewing_what_graph_no_longer_has_is_later(
    subscriptions: GraphSubscriptions, in_a_week: datetime
) -> None:
    with pytest.raises(Later):
        await subscriptions.renew(UNKNOWN, in_a_week)


async def test_a_subscription_whose_secret_nobody_knows_is_replaced(
    subscriptions: GraphSubscriptions, in_a_week: datetime
) -> None:
    lost, _ = await subscriptions.create("users", "forgotten", in_a_week)
    other, _ = await subscriptions.create("users", "known", in_a_week, created=True)

    made, _ = await subscriptions.create("users", "fresh", in_a_week)

    assert made != lost
    assert set(await subscriptions.existing()) == {made, other}


async def test_deleting_twice_is_the_same_as_once(
    subscriptions: GraphSubscriptions, in_a_week: datetime
) -> None:
    made, _ = await subscriptions.create("users", "a secret", in_a_week)
    await subscriptions.delete(made)
    await subscriptions.delete(made)
    assert await subscriptions.existing() == {}


async def test_an_address_graph_cannot_reach_is_refused_with_a_fix(
    subscriptions: GraphSubscriptions, endpoint: Endpoint, in_a_week: datetime
) -> None:
    endpoint.status = 404
    with pytest.raises(Never) as error:
        await subscriptions.create("users", "a secret", in_a_week)
    assert "PUBLIC_URL" in error.value.fix


async def test_a_missing_permission_is_named(
    graph: SimulatedGraph, subscriptions: GraphSubscriptions, in_a_week: datetime
) -> None:
    await graph.switch("POST", "permissions", {"granted": []})
    with pytest.raises(Forbidden) as error:
        await subscriptions.create("groups", "a secret", in_a_week)
    assert "Group.Read.All" in error.value.fix


async def test_too_many_subscriptions_are_refused_with_graphs_words(
    graph: SimulatedGraph, subscriptions: GraphSubscriptions, in_a_week: datetime
) -> None:
    await subscriptions.create("users", "a secret", in_a_week)
    await graph.switch("PATCH", "settings", {"subscription_quota": 1})
    with pytest.raises(Never) as error:
        await subscriptions.create("groups", "another", in_a_week)
    assert not isinstance(error.value, Forbidden), "no permission is missing"
    assert "limit" in error.value.reason
    assert "100 subscriptions" in error.value.fix


async def test_two_of_one_resource_live_side_by_side_while_one_takes_the_others_place(
    subscriptions: GraphSubscriptions, in_a_week: datetime
) -> None:
    old, _ = await subscriptions.create("users", "old", in_a_week)
    new, _ = await subscriptions.create("users", "new", in_a_week, created=True)
    assert set(await subscriptions.existing()) == {old, new}


async def test_subscriptions_that_notify_somebody_else_are_not_ours(
    graph: SimulatedGraph, subscriptions: GraphSubscriptions, in_a_week: datetime
) -> None:
    elsewhere = GraphSubscriptions(graph.client, subscriptions._address.partition("/api")[0] + "/x")
    await elsewhere.create("users", "a secret", in_a_week)
    assert await subscriptions.existing() == {}
