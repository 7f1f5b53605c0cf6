"""What notifications told of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.watching.notice import Notice
from domain.watching.trust import Trust


class Notices(Protocol):
    """What notifications told of, until nobody needs it any more."""

    async def keep(self, notices: Sequence[Notice]) -> None:
        """Write notices down; one that is there already is written over."""
        ...

    async def open(self) -> list[Notice]:
        """Return those that were not followed yet, oldest first."""
        ...

    async def since(self, at: datetime) -> list[Notice]:
        """Return those that came at a moment or later, oldest first."""
        ...

    async def follow(self, notices: Sequence[Notice]) -> None:
        """Note that these were followed, what was seen of people then, and lags learned of."""
        ...

    async def compiled(self) -> datetime | None:
        """Return when the inventory was taken on which everything was compiled last."""
        ...

    async def note_compiled(self, taken_at: datetime) -> None:
        """Note that everything was compiled on the inventory of this moment."""
        ...

    async def freed(self) -> datetime | None:
        """Return when people were last seen to hold what they kept something else for, in bulk."""
        ...

    async def note_freed(self, at: datetime) -> None:
        """Note that some were."""
        ...

    async def trust(self) -> Trust:
        """Return how what was told has compared with what inventories found."""
        ...

    async def keep_trust(self, trust: Trust) -> None:
        """Write that as it stands."""
        ...

    async def forget(self, before: datetime) -> None:
        """Drop what came before a moment."""
        ...
