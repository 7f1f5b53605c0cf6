"""The next pages of a round on their way while those before are read.

Where the next page is stands in plain sight in the bytes of this one, so it can be asked for
before they are parsed, and so can the one behind it: the wire never waits for whoever reads, and
several pages are read at once. It is a guess: only who has read a page says where the next one is,
and an answer to another question is thrown away unread.
"""

import asyncio
from collections import deque
from types import TracebackType
from typing import Self

from adapters.graph.client import GraphClient
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply

NEXT = "@odata.nextLink"
MOST = 4
"""Pages that may be there, or on their way, before they are read: a megabyte or two."""
_MARK = f'"{NEXT}":"'.encode()
_LONGEST = 16_384
"""No link has more characters."""


class Ahead:
    """Asks for pages of one round, one after the other, and a few of them ahead of time."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client
        self._asked: deque[tuple[str, asyncio.Task[Reply]]] = deque()
        """Link and answer, of those that nobody has taken yet."""
        self._newest: asyncio.Task[Reply] | None = None
        self._guess = ""
        """Where the page behind the newest is, until it is asked for."""

    async def get(self, link: str) -> list[Reply]:
        """Return the answer to this link, and pages behind it as far as they are there already.

        Each of them is the answer to the link that is in plain sight in the one before.

        Raises:
            Later: no whole reply came.
            Never: the identity gets no token, or the link leads away from Graph.
        """
        if not self._asked or self._asked[0][0] != link:
            await self._drop()
            self._ask(link)
        found = [await self._asked[0][1]]
        self._asked.popleft()
        while found[0].ok and self._asked and _is_page(self._asked[0][1]):
            found.append(self._asked.popleft()[1].result())
        self._go_on()
        return found

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._drop()

    def _ask(self, link: str) -> None:
        self._newest = asyncio.create_task(
            self._client.send("GET", link, priority=Priority.LOW, parse=False)
        )
        self._newest.add_done_callback(self._look)
        self._asked.append((link, self._newest))

    def _look(self, answered: asyncio.Task[Reply]) -> None:
        """Ask for the page behind this one, if it says where that is."""
        if answered is self._newest and _is_page(answered):
            guess = next_in(answered.result().body or b"")
            self._guess = guess if self._client.is_ours(guess) else ""
            self._go_on()

    def _go_on(self) -> None:
        if self._guess and len(self._asked) < MOST:
            guess, self._guess = self._guess, ""
            self._ask(guess)

    async def _drop(self) -> None:
        """Stop asking; what comes of it is of no concern."""
        tasks = [task for _, task in self._asked]
        self._asked.clear()
        self._newest, self._guess = None, ""
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _is_page(answered: asyncio.Task[Reply]) -> bool:
    failed = not answered.done() or answered.cancelled() or answered.exception()
    return not failed and answered.result().ok


def next_in(content: bytes) -> str:
    """Return what looks like the link to the next page; empty where nothing does.

    A text of somebody's cannot look like it: a quotation mark in a text has a backslash before it.
    """
    start = content.find(_MARK) + len(_MARK)
    end = content.find(b'"', start, start + _LONGEST) if start >= len(_MARK) else -1
    link = content[start : max(end, start)]
    return "" if b"\\" in link else link.decode("ascii", "replace")
