"""Several things at the same time; where one fails, the others are stopped."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

AT_ONCE = 8
"""More would only wait for each other: a request to storage costs the SDK milliseconds of CPU."""


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


async def each[T, R](
    work: Callable[[T], Awaitable[R]], things: Iterable[T], at_once: int = AT_ONCE
) -> list[R]:
    """Return what becomes of each, in order, `at_once` of them at a time.

    Raises what the first to fail raises; the others are stopped.
    """
    gate = asyncio.Semaphore(at_once)

    async def admitted(thing: T) -> R:
        async with gate:
            return await work(thing)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(admitted(thing)) for thing in things]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
