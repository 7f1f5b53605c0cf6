"""Policies, plans and runs, kept for people to read."""

from datetime import datetime
from typing import Protocol

from domain.bundle import Bundle
from domain.plan import Plan
from domain.records import Run, StoredBundle, StoredPlan


class Bundles(Protocol):
    """The stored policies, with history."""

    async def all(self) -> list[StoredBundle]:
        """Return every bundle in its latest version, in order of id."""
        ...

    async def get(self, bundle: str) -> StoredBundle | None:
        """Return one bundle in its latest version."""
        ...

    async def history(self, bundle: str) -> list[StoredBundle]:
        """Return every version of one bundle, newest first."""
        ...

    async def put(self, bundle: Bundle, by: str, at: datetime) -> StoredBundle:
        """Store a bundle; unchanged content makes no new version.

        Raises:
            Conflict: someone else stored a version meanwhile.
        """
        ...


class Plans(Protocol):
    """The plans of late."""

    async def keep(self, plan: Plan, run: str, at: datetime) -> StoredPlan:
        """Keep a plan with all of its changes."""
        ...

    async def recent(self, limit: int, bundle: str | None = None) -> list[StoredPlan]:
        """Return the newest plans without their changes, newest first."""
        ...

    async def get(self, plan: str) -> StoredPlan | None:
        """Return one plan with all of its changes."""
        ...


class Runs(Protocol):
    """Runs of inventory and compile, and how they went."""

    async def keep(self, run: Run) -> None:
        """Write a run as it stands."""
        ...

    async def get(self, run: str) -> Run | None:
        """Return one run."""
        ...
