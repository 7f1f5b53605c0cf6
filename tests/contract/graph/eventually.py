"""Wait for what happens in the background, but not for ever."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 30.0


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Return once the condition holds; fail if it does not within ten seconds."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.02)
