"""The same for each of many things, a few at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

AT_ONCE = 8
"""More would only wait for each other: a request to storage costs the SDK milliseconds of CPU."""


async def each[T, R](work: Callable[[T], Awaitable[R]], things: Iterable[T]) -> list[R]:
    """Return what becomes of each, in order; where one fails, the others are stopped.

    Raises what the first to fail raises.
    """
    gate = asyncio.Semaphore(AT_ONCE)

    async def admitted(thing: T) -> R:
        async with gate:
            return await work(thing)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(admitted(thing)) for thing in things]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
