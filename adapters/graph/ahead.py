"""The next page of a round on its way while this one is read.

Where the next page is stands in plain sight in the bytes of this one, so it can be asked for
before they are parsed. It is a guess: only who has read the page says where the next one is, and
an answer to another question is thrown away unread.
"""

import asyncio
from types import TracebackType
from typing import Self

from adapters.graph.client import GraphClient
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply

NEXT = "@odata.nextLink"
_MARK = f'"{NEXT}":"'.encode()
_LONGEST = 16_384
"""No link has more characters."""


class Ahead:
    """Asks for pages of one round, at most one of them ahead of time."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client
        self._guess = ""
        self._asked: asyncio.Task[Reply] | None = None

    def look(self, content: bytes) -> None:
        """Ask for the page behind this one, if it says where that is."""
        guess = next_in(content)
        if guess and self._client.is_ours(guess):
            self._guess, self._asked = guess, asyncio.create_task(self._send(guess))

    async def get(self, link: str) -> Reply:
        """Return the answer to this link, asked already or not.

        Raises:
            Later: no whole reply came.
            Never: the identity gets no token, or the link leads away from Graph.
        """
        if self._asked is not None and self._guess != link:
            await self._drop()
        if self._asked is None:
            return await self._send(link)
        reply = await self._asked
        self._asked = None
        return reply

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._drop()

    async def _send(self, link: str) -> Reply:
        return await self._client.send("GET", link, priority=Priority.LOW, parse=False)

    async def _drop(self) -> None:
        """Stop asking; what comes of it is of no concern."""
        asked, self._asked = self._asked, None
        if asked is not None:
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)


def next_in(content: bytes) -> str:
    """Return what looks like the link to the next page; empty where nothing does.

    A text of somebody's cannot look like it: a quotation mark in a text has a backslash before it.
    """
    start = content.find(_MARK) + len(_MARK)
    end = content.find(b'"', start, start + _LONGEST) if start >= len(_MARK) else -1
    link = content[start : max(end, start)]
    return "" if b"\\" in link else link.decode("ascii", "replace")
