"""The same for each of many things, a few at the same time."""

import asyncio

import pytest

from domain.concurrency import AT_ONCE, each
from domain.errors import Later


async def test_answers_come_in_order_whoever_is_done_first() -> None:
    async def slow_first(number: int) -> int:
        for _ in range(10 - number):
            await asyncio.sleep(0)
        return number * number

    assert await each(slow_first, range(10)) == [number * number for number in range(10)]


async def test_only_so_many_are_under_way_at_once() -> None:
    under_way, most = 0, 0

    async def work(_: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1

    await each(work, range(5 * AT_ONCE))
    assert most == AT_ONCE


async def test_where_one_fails_its_error_is_raised_and_the_others_are_stopped() -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        if number == 1:
            raise Later("Busy.", 1)
        await asyncio.Event().wait()
        done.append(number)

    with pytest.raises(Later, match="Busy"):
        await each(work, range(3))
    assert done == []
