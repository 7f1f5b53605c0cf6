"""Collections that come in pages: follow the links to the end, or say that the read failed."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from adapters.graph.client import GraphClient
from adapters.graph.errors import delta_error_of, error_of
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply
from domain.errors import Later, Resync

type Json = Mapping[str, Any]

NEXT = "@odata.nextLink"
DELTA = "@odata.deltaLink"
_AGAIN = 60.0
"""Seconds to wait after a read that Graph did not finish."""


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
        items += values_of(reply)
        link = links.next_of(reply)
        if link is None:
            return items
        reply = await client.send("GET", link)


async def rounds(
    client: GraphClient, start: str, token: str | None, permission: str
) -> AsyncIterator[tuple[list[Json], str | None, str | None]]:
    """Yield the pages of one round of a delta query.

    Each with the link to the page behind it; the last with the token of the next round instead.

    Raises:
        Resync: the token is dead.
        Later: Graph cannot answer now, or did not finish.
        Never: Graph refuses.
    """
    if token is not None and not client.is_ours(token):
        raise Resync("The change token was given by another Graph than this.")
    links = Links()
    link: str | None = token or start
    while link is not None:
        reply = await client.send("GET", link, priority=Priority.LOW)
        if not reply.ok:
            raise delta_error_of(reply, permission, resumed=link == token)
        values = values_of(reply)
        link = links.next_of(reply)
        yield values, link, _end_of(reply) if link is None else None


class Links:
    """The links of one read; a link that comes twice would go on for ever."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def next_of(self, reply: Reply) -> str | None:
        """Return the link to the next page, None on the last.

        Raises:
            Later: Graph gave this link before.
        """
        link = reply.body.get(NEXT)
        if not isinstance(link, str):
            return None
        if link in self._seen:
            raise Later("Graph gave the same next link twice.", _AGAIN)
        self._seen.add(link)
        return link


def _end_of(reply: Reply) -> str:
    end = reply.body.get(DELTA)
    if not isinstance(end, str):
        raise Later("A round of changes ended without a token for the next.", _AGAIN)
    return end


def values_of(reply: Reply) -> list[Json]:
    """Return the items of a page.

    Raises:
        Later: this is no page; what a reply does not have is unknown, not empty.
    """
    values = reply.body.get("value") if isinstance(reply.body, Mapping) else None
    if not isinstance(values, list) or not all(isinstance(value, Mapping) for value in values):
        raise Later("Graph's reply is no page of a collection.", _AGAIN)
    return values
