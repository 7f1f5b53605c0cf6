"""The sources of the further kinds in memory: pages on order."""

from collections.abc import AsyncIterator, Sequence

from domain.errors import Resync, SeatflowError
from domain.kinds import Kind
from domain.kinds.kind import Row
from domain.ports import FactsPage


class FakeSources:
    """The Sources port; a kind nobody gave has one page without rows.

    A read goes on at the link `N` with page N. `dead` links are no longer known.
    """

    def __init__(self) -> None:
        self._pages: dict[str, list[FactsPage | SeatflowError]] = {}
        self.dead: set[str] = set()
        self.came_with_us: dict[str, FactsPage] = {}
        """What there is of a kind that was never read."""
        self.asked: list[tuple[str, str | None]] = []
        """Every read, with the link it began at."""

    def give(self, kind: Kind, *pages: Sequence[Row] | SeatflowError, remark: str = "") -> None:
        """Let a kind have these pages; an error stands for a page that fails.

        The remark comes with the first.
        """
        self._pages[kind.name] = [
            page
            if isinstance(page, SeatflowError)
            else FactsPage(
                page,
                str(number) if number < len(pages) else None,
                (remark,) if remark and number == 1 else (),
            )
            for number, page in enumerate(pages, start=1)
        ]

    async def pages(self, kind: Kind, link: str | None = None) -> AsyncIterator[FactsPage]:
        self.asked.append((kind.name, link))
        if link in self.dead:
            raise Resync("The page is no longer known.")
        for page in self._pages.get(kind.name, [FactsPage(())])[int(link or 0) :]:
            if isinstance(page, SeatflowError):
                raise page
            yield page

    def shipped(self, kind: Kind) -> FactsPage | None:
        return self.came_with_us.get(kind.name)
