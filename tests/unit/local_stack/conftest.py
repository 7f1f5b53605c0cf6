"""A client of a host that plays a story, for the tests that need no processes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp.test_utils import TestServer

from local.api import Api
from tests.unit.local_stack.stub_host import StubHost

type Connect = Callable[[StubHost], Awaitable[Api]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    async with AsyncExitStack() as stack:

        async def connect(host: StubHost) -> Api:
            server = await stack.enter_async_context(TestServer(host.app()))
            url = str(server.make_url("")).rstrip("/")
            return await stack.enter_async_context(Api(url, patience_s=0.3))

        yield connect
