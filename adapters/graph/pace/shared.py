"""The level that all instances share: read, changed and written back, unless somebody was quicker.

When the store is away or too busy, the process goes on by what it knew last: pacing that fails must
not keep anyone from her license. Graph's own refusals are then what holds instances apart.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from adapters.graph.pace.level import Level
from domain.errors import Conflict, SeatflowError

TRIES = 8
PATIENCE = 2.0
"""Seconds for one exchange with the store."""
STEP = 0.005
"""Seconds, by chance more or less: those who wrote at the same time should not do so again. It is
at least what an exchange just took: where storage is slow, a shorter wait would part nobody."""
ALONE_FOR = 20.0
"""Seconds to go on alone after the store could not be used."""


class Store(Protocol):
    """Keeps one set of values for all instances."""

    async def read(self) -> tuple[Mapping[str, float | str], str]:
        """Return the values and their version; nothing and "" before the first write."""
        ...

    async def write(self, values: Mapping[str, float | str], version: str) -> str:
        """Write the values and return their version.

        Raises:
            Conflict: they are not of the version that was read.
        """
        ...


class Shared:
    """One process's access to the shared level."""

    def __init__(
        self,
        store: Store | None,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        chance: Callable[[], float] = random.random,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._patience = patience
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._known: tuple[Level, str] | None = None
        self._alone_until = 0.0
        self._busy = False

    async def change[T](self, change: Callable[[Level], tuple[Level, T]]) -> tuple[Level, T] | None:
        """Change the level that all share; None when that is impossible now.

        Args:
            change: is called again with a newer level when somebody else was quicker.
        """
        if self._store is None or self._clock() < self._alone_until:
            return None
        self._busy = False
        try:
            async with asyncio.timeout(self._patience):
                return await self._insist(self._store, change)
        except (SeatflowError, TimeoutError):
            self._known = None
            if not self._busy:
                self._alone_until = self._clock() + ALONE_FOR
            return None

    async def _insist[T](
        self, store: Store, change: Callable[[Level], tuple[Level, T]]
    ) -> tuple[Level, T]:
        for attempt in range(TRIES):
            began = self._clock()
            level, version = self._known or await self._read(store)
            level, result = change(level)
            try:
                # Where nobody else has written since, this is the only request.
                self._known = level, await store.write(level.values(), version)
            except Conflict:
                self._known, self._busy = None, True
                step = max(STEP, self._clock() - began)
                await self._sleep(self._chance() * step * 2**attempt)
                continue
            return level, result
        raise Conflict("Others keep changing the pace.")

    async def _read(self, store: Store) -> tuple[Level, str]:
        values, version = await store.read()
        return Level.of(values), version
