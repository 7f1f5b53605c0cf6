"""Two things at the same time; where one fails, the other is stopped."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def both[A, B](one: Coroutine[Any, Any, A], other: Coroutine[Any, Any, B]) -> tuple[A, B]:
    """Return what both return; raise what the first to fail raises."""
    tasks = (asyncio.ensure_future(one), asyncio.ensure_future(other))
    try:
        first, second = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    return first, second
