from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import small_tenant

_SDK_WARNS_OF_ITSELF = "ignore:This class is deprecated:DeprecationWarning"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every request builder of the SDK warns, when it is imported, of a class it brings along."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(_SDK_WARNS_OF_ITSELF))


@pytest.fixture
async def graph() -> AsyncIterator[Simulation]:
    """A simulator with the small tenant and two E3 seats, one of them Ada's."""
    async with simulation(small_tenant()) as running:
        yield running
