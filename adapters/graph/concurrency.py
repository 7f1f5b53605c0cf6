"""Do several things at once, but only so many: Graph throttles those who hurry."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

from domain import concurrency

AT_ONCE = 4


async def each[T, R](work: Callable[[T], Awaitable[R]], items: Iterable[T]) -> list[R]:
    """Return the result of every item, in order; the first failure ends the rest and is raised."""
    return await concurrency.each(work, items, AT_ONCE)


def chunks[T](items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the items in pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
