"""Notices in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.watching.notice import Notice
from domain.watching.trust import Trust
from tests.fakes.faults import Faulty, can_fail


class FakeNotices(Faulty):
    """The Notices port in memory; `all` has them by id."""

    def __init__(self) -> None:
        super().__init__()
        self.all: dict[str, Notice] = {}
        self._compiled: datetime | None = None
        self._freed: datetime | None = None
        self._trust = Trust()

    @can_fail
    async def keep(self, notices: Sequence[Notice]) -> None:
        self.all |= {notice.id: notice for notice in notices}

    @can_fail
    async def open(self) -> list[Notice]:
        return [notice for notice in self._ordered() if not notice.followed]

    @can_fail
    async def since(self, at: datetime) -> list[Notice]:
        return [notice for notice in self._ordered() if notice.at >= at]

    @can_fail
    async def follow(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            if notice.id in self.all:
                self.all[notice.id] = replace(notice, followed=True)

    @can_fail
    async def compiled(self) -> datetime | None:
        return self._compiled

    @can_fail
    async def note_compiled(self, taken_at: datetime) -> None:
        self._compiled = taken_at

    @can_fail
    async def freed(self) -> datetime | None:
        return self._freed

    @can_fail
    async def note_freed(self, at: datetime) -> None:
        self._freed = at

    @can_fail
    async def trust(self) -> Trust:
        return self._trust

    @can_fail
    async def keep_trust(self, trust: Trust) -> None:
        self._trust = trust

    @can_fail
    async def forget(self, before: datetime) -> None:
        self.all = {id: notice for id, notice in self.all.items() if notice.at >= before}

    def _ordered(self) -> list[Notice]:
        return sorted(self.all.values(), key=lambda notice: (notice.at, notice.id))
