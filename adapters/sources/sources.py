"""The sources of every further kind, found by being there."""

import importlib
from collections.abc import AsyncIterator, Callable
from types import ModuleType

from adapters.sources.reach import Reach
from domain.kinds import Kind
from domain.ports import FactsPage


class TenantSources:
    """The Sources port: a kind is read by the module of its name beside this one."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def pages(self, kind: Kind, link: str | None = None) -> AsyncIterator[FactsPage]:
        """Yield the pages of a kind, all of them or from a link on."""
        found: AsyncIterator[FactsPage] = _source(kind).pages(self._reach, link)
        return found

    def shipped(self, kind: Kind) -> FactsPage | None:
        """Return what came with Seatflow, to do where a kind was never read; None where nothing."""
        found: Callable[[], FactsPage] | None = getattr(_source(kind), "instead", None)
        return found() if found else None


def _source(kind: Kind) -> ModuleType:
    return importlib.import_module(f"adapters.sources.{kind.name}")
