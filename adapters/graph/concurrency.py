"""Do several things at once, but only so many: Graph throttles those who hurry."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

AT_ONCE = 4


async def each[T, R](work: Callable[[T], Awaitable[R]], items: Iterable[T]) -> list[R]:
    """Return the result of every item, in order; the first failure ends the rest and is raised."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def admitted(item: T) -> R:
        async with gate:
            return await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(admitted(item)) for item in items]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


def chunks[T](items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the items in pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
