"""Opens a tenant as a world: in memory, and behind the Graph simulator."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from tests.contract.graph.simulated import Json, SimulatedGraph, running_simulator
from tests.contract.graph.worlds import FakeWorld, SimulatedWorld, World, document_of
from tests.fakes.tenant import FakeTenant

type OpenWorld = Callable[[FakeTenant], Awaitable[World]]


@pytest.fixture(scope="session")
def simulator() -> Iterator[str]:
    with running_simulator() as url:
        yield url


@pytest.fixture(scope="session")
def defaults() -> Json:
    """The simulator's settings as they were before any test touched them."""
    return {}


@pytest.fixture
async def graph(simulator: str, defaults: Json) -> AsyncIterator[SimulatedGraph]:
    opened = SimulatedGraph(simulator, defaults)
    if not defaults:
        defaults |= await opened.switch("GET", "settings")
    yield opened
    await opened.client.close()


@pytest.fixture
async def own_graph() -> AsyncIterator[SimulatedGraph]:
    """A simulator for one test alone that moves the clock, which only goes forward."""
    with running_simulator() as url:
        opened = SimulatedGraph(url, {})
        opened.defaults |= await opened.switch("GET", "settings")
        yield opened
        await opened.client.close()


@pytest.fixture(params=["fake", "simulated"])
def open_world(request: pytest.FixtureRequest) -> OpenWorld:
    if request.param == "simulated":
        graph: SimulatedGraph = request.getfixturevalue("graph")

    async def open_it(tenant: FakeTenant) -> World:
        if request.param == "fake":
            return FakeWorld(tenant)
        await graph.load(document_of(tenant))
        return SimulatedWorld(graph)

    return open_it
