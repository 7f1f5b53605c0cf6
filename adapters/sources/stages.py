"""Collections of Graph read one after the other, so that a read can go on where it ended."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from adapters.graph.client import GraphClient
from adapters.graph.errors import error_of
from adapters.graph.paging import Json, Links, values_of
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply
from adapters.sources.pace import Pace
from domain.errors import Resync, SeatflowError
from domain.kinds.kind import Row
from domain.ports import FactsPage

_EXPIRED = frozenset({"Directory_ExpiredPageToken", "DirectoryPageTokenNotFoundException"})


@dataclass(frozen=True, slots=True)
class Stage:
    """One collection: where it begins, what it needs, and the rows of each of its items."""

    start: str
    permission: str
    rows: Callable[[Json], Sequence[Row]]
    smaller: str = ""
    """Where it begins for a Graph that takes no pages so large."""
    error: Callable[[Reply, str], SeatflowError] = error_of
    """What a failed reply means."""
    pace: Pace | None = None


async def read(
    graph: GraphClient, stages: Sequence[Stage], link: str | None
) -> AsyncIterator[FactsPage]:
    """Yield the pages of all stages, or those from a link on.

    Raises:
        Resync: the link is no longer known.
        Later: Graph cannot answer now.
        Never: Graph refuses.
    """
    number, url = _place(link)
    while number < len(stages):
        stage = stages[number]
        async for items, following in pages_of(graph, stage, url):
            rows = [row for item in items for row in stage.rows(item)]
            yield FactsPage(rows, _link(stages, number, following))
        number, url = number + 1, None


async def pages_of(
    graph: GraphClient, stage: Stage, resumed: str | None
) -> AsyncIterator[tuple[list[Json], str | None]]:
    """Yield the items of each page of a stage, with the link to the next."""
    links = Links()
    link: str | None = resumed or stage.start
    while link is not None:
        if stage.pace:
            await stage.pace.breathe()
        reply = await graph.send("GET", link, priority=Priority.LOW)
        if reply.status == 400 and link == stage.start and stage.smaller:
            link = stage.smaller
            continue
        if reply.code in _EXPIRED or (link == resumed and reply.status in (400, 404, 410)):
            raise Resync(f"Graph no longer knows the page: {reply.described()}.")
        if not reply.ok:
            raise stage.error(reply, stage.permission)
        link = links.next_of(reply.body)
        yield values_of(reply.body), link


def _place(link: str | None) -> tuple[int, str | None]:
    """Return which stage to go on with, and where in it."""
    if link is None:
        return 0, None
    number, _, url = link.partition(" ")
    return int(number), url or None


def _link(stages: Sequence[Stage], number: int, following: str | None) -> str | None:
    if following is not None:
        return f"{number} {following}"
    return f"{number + 1} " if number + 1 < len(stages) else None
