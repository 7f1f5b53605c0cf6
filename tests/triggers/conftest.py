"""One worker for all tests of triggers: a process holds one app."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from local.host.in_process import Worker
from tests.triggers.stage import furnish
from tests.triggers.surface import Surface
from tests.unit.office import Office


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def worker() -> AsyncIterator[Worker]:
    started = await Worker.start(Path(__file__).parent / "app")
    yield started
    started.stop()


@pytest.fixture
def surface(worker: Worker, office: Office) -> Surface:
    return Surface(worker)


@pytest.fixture
def office() -> Office:
    return furnish()
