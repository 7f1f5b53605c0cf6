"""A server that follows a script, and a client that takes it for Graph."""

from collections.abc import AsyncIterator

import pytest

from adapters.graph.client import GraphClient
from tests.unit.adapters_graph.scripted import Scripted, scripted


@pytest.fixture
async def server() -> AsyncIterator[Scripted]:
    async with scripted() as running:
        yield running


@pytest.fixture
async def client(server: Scripted) -> AsyncIterator[GraphClient]:
    opened = server.client()
    yield opened
    await opened.close()
