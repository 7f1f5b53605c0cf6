"""The sources of every further kind, found by being there."""

import importlib
from collections.abc import AsyncIterator

from adapters.sources.reach import Reach
from domain.kinds import Kind
from domain.ports import FactsPage


class TenantSources:
    """The Sources port: a kind is read by the module of its name beside this one."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def pages(self, kind: Kind, link: str | None = None) -> AsyncIterator[FactsPage]:
        """Yield the pages of a kind, all of them or from a link on."""
        module = importlib.import_module(f"adapters.sources.{kind.name}")
        found: AsyncIterator[FactsPage] = module.pages(self._reach, link)
        return found
