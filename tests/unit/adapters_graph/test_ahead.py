"""The next page is asked for early, and that changes nothing of what is read."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import pytest

from adapters.graph.ahead import MOST, NEXT, next_in
from adapters.graph.client import GraphClient
from adapters.graph.paging import DELTA, Json, Slice, lists_in, rounds
from adapters.graph.reply import Reply
from domain.errors import Later
from tests.contract.graph.token import LocalToken

HERE = "https://graph.example/v1.0/users/delta"
START, SECOND, THIRD, END = (f"{HERE}?{name}" for name in ("start", "second", "third", "end"))


class Replying(GraphClient):
    """Answers each link with what is told of it, or never; an error is raised."""

    def __init__(self, said: Mapping[str, Any], never: str = "") -> None:
        super().__init__("https://graph.example/v1.0", LocalToken())
        self.asked: list[str] = []
        self.stopped: list[str] = []
        self._said, self._never = said, never

    async def send(self, method: str, url: str, *rest: object, **more: object) -> Reply:
        self.asked.append(url)
        try:
            if url == self._never:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.stopped.append(url)
            raise
        said = self._said[url]
        if isinstance(said, Exception):
            raise said
        return Reply(200, {}, said if isinstance(said, bytes) else json.dumps(said).encode())


def page(name: str, link: str, end: str = "") -> bytes:
    body = {"value": [{"id": name}]} | ({DELTA: end} if end else {NEXT: link})
    return json.dumps(body, separators=(",", ":")).encode()


THREE = {START: page("a", SECOND), SECOND: page("b", THIRD), THIRD: page("c", "", END)}


def reading(client: GraphClient) -> AsyncIterator[Slice[list[Json]]]:
    return rounds(client, START, None, "User.Read.All", lists_in)


async def read(client: GraphClient) -> list[str]:
    return [item["id"] async for each in reading(client) for item in each.items]


async def test_the_next_page_is_asked_for_before_this_one_is_read() -> None:
    client = Replying(THREE)
    seen = []

    async def slowly(contents: Sequence[bytes]) -> AsyncGenerator[Slice[list[Json]]]:
        await asyncio.sleep(0)  # whoever is asked has this moment to answer
        seen.append((len(contents), list(client.asked)))
        async for each in lists_in(contents):
            yield each

    pages = rounds(client, START, None, "User.Read.All", slowly)
    found = [item["id"] async for each in pages for item in each.items]
    assert found == ["a", "b", "c"]
    assert seen[0] == (1, [START, SECOND])
    assert client.asked == [START, SECOND, THIRD]


async def test_pages_that_came_meanwhile_are_read_together_and_no_more_than_so_many() -> None:
    links = [START, *(f"{HERE}?{n}" for n in range(3 * MOST)), ""]
    pages = itertools.pairwise(links)
    client = Replying({here: page(here, then, "" if then else END) for here, then in pages})
    ahead, together = [], []

    async def slowly(contents: Sequence[bytes]) -> AsyncGenerator[Slice[list[Json]]]:
        for _ in range(3 * MOST):
            await asyncio.sleep(0)
        together.append(len(contents))
        ahead.append(len(client.asked) - sum(together))
        async for each in lists_in(contents):
            yield each

    found = rounds(client, START, None, "User.Read.All", slowly)
    assert [item["id"] async for each in found for item in each.items] == links[:-1]
    assert client.asked == links[:-1]
    assert (max(together), max(ahead)) == (MOST, MOST)


async def test_a_page_that_fails_does_not_take_the_one_before_with_it() -> None:
    client = Replying(THREE | {SECOND: Later("broken", 1.0)})
    pages = reading(client)
    found = await anext(pages)
    await asyncio.sleep(0)  # by now it has failed
    assert [item["id"] for item in found.items] == ["a"]
    with pytest.raises(Later, match="broken"):
        await anext(pages)


@pytest.mark.parametrize("wrong", [SECOND, f"{HERE}?wrong"])
async def test_what_only_looks_like_a_link_is_not_followed(wrong: str) -> None:
    inside = {"value": [{"id": "a", "odd": {NEXT: wrong}}], NEXT: THIRD}
    first = json.dumps(inside, separators=(",", ":")).encode()
    client = Replying(THREE | {START: first, f"{HERE}?wrong": page("wrong", SECOND)})
    assert next_in(first) == wrong
    assert await read(client) == ["a", "c"]


async def test_what_was_read_ahead_behind_a_wrong_link_is_thrown_away() -> None:
    wrong = f"{HERE}?wrong"
    inside = {"value": [{"id": "b", "odd": {NEXT: wrong}}], NEXT: THIRD}
    second = json.dumps(inside, separators=(",", ":")).encode()
    client = Replying(THREE | {SECOND: second, wrong: page("wrong", THIRD)})
    together = []

    async def slowly(contents: Sequence[bytes]) -> AsyncGenerator[Slice[list[Json]]]:
        for _ in range(3 * MOST):
            await asyncio.sleep(0)
        together.append(len(contents))
        async for each in lists_in(contents):
            yield each

    found = rounds(client, START, None, "User.Read.All", slowly)
    assert [item["id"] async for each in found for item in each.items] == ["a", "b", "c"]
    assert together == [1, 3, 1]  # of the second, which had the wrong one behind it, and more
    assert client.asked == [START, SECOND, wrong, THIRD, THIRD]


async def test_no_link_elsewhere_is_asked_for() -> None:
    elsewhere = "https://graph.example.evil.example/v1.0/users/delta"
    inside = {"value": [{"id": "a", "odd": {NEXT: elsewhere}}], NEXT: THIRD}
    first = json.dumps(inside, separators=(",", ":")).encode()
    client = Replying(THREE | {START: first})
    assert await read(client) == ["a", "c"]
    assert client.asked == [START, THIRD]


async def test_whoever_stops_reading_stops_the_asking() -> None:
    client = Replying(THREE, never=SECOND)
    async with aclosing(rounds(client, START, None, "User.Read.All", lists_in)) as pages:
        await anext(pages)
        await asyncio.sleep(0)
    assert client.stopped == [SECOND]
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize(
    ("content", "link"),
    [
        (b"", ""),
        (b'{"value":[]}', ""),
        (page("a", SECOND), SECOND),
        (b'{"value":[],"@odata.nextLink": "https://graph.example/"}', ""),
        (rb'{"value":[{"displayName":"\"@odata.nextLink\":\"https://graph.example/\""}]}', ""),
        (rb'{"@odata.nextLink":"https:\/\/graph.example\/"}', ""),
        (b'{"@odata.nextLink":"https://graph.example/', ""),
        (b'{"@odata.nextLink":"' + b"a" * 20_000 + b'"}', ""),
    ],
)
def test_a_link_is_seen_where_there_is_one(content: bytes, link: str) -> None:
    assert next_in(content) == link
