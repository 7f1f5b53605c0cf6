"""Collections that come in pages: follow the links to the end, or say that the read failed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from pydantic_core import from_json

from adapters.graph.ahead import NEXT, Ahead, next_in
from adapters.graph.client import GraphClient
from adapters.graph.errors import delta_error_of, error_of
from adapters.graph.reply import Reply
from domain.errors import Later, Resync

type Json = Mapping[str, Any]

DELTA = "@odata.deltaLink"
_AGAIN = 60.0
"""Seconds to wait after a read that Graph did not finish."""


@dataclass(frozen=True, slots=True)
class Slice[T]:
    """A page of a delta query as somebody reads it."""

    items: T
    next: str | None
    """Where the page behind it is; None on the last."""
    end: str | None
    """On the last: where the next round begins."""


async def items_of(client: GraphClient, url: str, permission: str) -> list[Json]:
    """Return every item of a collection.

    Raises:
        Later: Graph cannot answer now, or did not finish.
        Never: Graph refuses.
    """
    return await rest_of(client, await client.send("GET", url), permission)


async def rest_of(client: GraphClient, first: Reply, permission: str) -> list[Json]:
    """Return every item of a collection whose first page is here already."""
    links = Links()
    reply = first
    items: list[Json] = []
    while True:
        if not reply.ok:
            raise error_of(reply, permission)
        items += values_of(reply.body)
        link = links.next_of(reply.body)
        if link is None:
            return items
        reply = await client.send("GET", link)


async def rounds[T](
    client: GraphClient,
    start: str,
    token: str | None,
    permission: str,
    read: Callable[[Sequence[bytes]], AsyncGenerator[Slice[T]]],
) -> AsyncGenerator[Slice[T]]:
    """Yield the pages of one round of a delta query.

    Args:
        client: who asks.
        start: where a first round begins.
        token: where this one does, or goes on.
        permission: what it needs.
        read: makes something of some pages, one after the other.

    Raises:
        Resync: the token is dead.
        Later: Graph cannot answer now, or did not finish.
        Never: Graph refuses.
    """
    if token is not None and not client.is_ours(token):
        raise Resync("The change token was given by another Graph than this.")
    links = Links()
    link: str | None = token or start
    async with Ahead(client) as ahead:
        while link is not None:
            replies = await ahead.get(link)
            if not replies[0].ok:
                raise delta_error_of(replies[0], permission, resumed=link == token)
            contents = [reply.body or b"" for reply in replies]
            async with aclosing(read(contents)) as found:
                for content in contents:
                    page = await anext(found)
                    link = links.follow(page.next)
                    if link is None and page.end is None:
                        raise Later(
                            "A round of changes ended without a token for the next.", _AGAIN
                        )
                    yield page if link is None else replace(page, end=None)
                    if link != next_in(content):
                        break  # what is behind it is no answer to this link


async def anyhow[T](
    contents: Sequence[bytes],
    quickly: Callable[[Sequence[bytes]], Sequence[Slice[T]] | None],
    plainly: Callable[[bytes], Awaitable[Slice[T]]],
) -> AsyncGenerator[Slice[T]]:
    """Read pages quickly, all at once in a thread; where that says None one by one, or plainly.

    What comes before a page that cannot be read is there before that raises.
    """
    found = await asyncio.to_thread(quickly, contents)
    if found is not None:
        for page in found:
            yield page
    elif len(contents) == 1:
        yield await plainly(contents[0])
    else:
        for content in contents:
            async for page in anyhow([content], quickly, plainly):
                yield page


async def lists_in(contents: Sequence[bytes]) -> AsyncGenerator[Slice[list[Json]]]:
    """Read pages as lists of items; see `items_in`."""
    for content in contents:
        yield items_in(content)


def items_in(content: bytes) -> Slice[list[Json]]:
    """Read a page as a list of items.

    Raises:
        Later: this is no page, or not all of it.
    """
    try:
        body = from_json(content)
    except ValueError as error:
        raise Later("Graph's reply is no whole JSON document.", _AGAIN) from error
    values = values_of(body)
    return Slice(values, _link(body, NEXT), _link(body, DELTA))


class Links:
    """The links of one read; a link that comes twice would go on for ever."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def next_of(self, body: Any) -> str | None:
        """Return the link to the page behind this one, None on the last; see `follow`."""
        return self.follow(_link(body, NEXT))

    def follow(self, link: str | None) -> str | None:
        """Return the link to the next page, None on the last.

        Raises:
            Later: Graph gave this link before.
        """
        if link in self._seen:
            raise Later("Graph gave the same next link twice.", _AGAIN)
        if link is not None:
            self._seen.add(link)
        return link


def _link(body: Any, name: str) -> str | None:
    link = body.get(name) if isinstance(body, Mapping) else None
    return link if isinstance(link, str) else None


def values_of(body: Any) -> list[Json]:
    """Return the items of a page.

    Raises:
        Later: this is no page; what a reply does not have is unknown, not empty.
    """
    values = body.get("value") if isinstance(body, Mapping) else None
    if not isinstance(values, list) or not all(isinstance(value, Mapping) for value in values):
        raise Later("Graph's reply is no page of a collection.", _AGAIN)
    return values
