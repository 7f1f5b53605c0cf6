"""What can be looked at from outside the domain."""

from collections.abc import Sequence
from typing import Protocol

from domain.doctor import Observation, Subject


class Check(Protocol):
    """One thing to look at; nothing is changed by looking."""

    @property
    def name(self) -> str:
        """A word or two."""
        ...

    @property
    def page(self) -> str:
        """Where it is documented."""
        ...

    async def look(self, subject: Subject) -> Sequence[Observation]:
        """Return what is found.

        Raises:
            SeatflowError: it cannot be looked at; its sentence is then the finding.
        """
        ...


class Checks(Protocol):
    """All of them."""

    def all(self) -> Sequence[Check]:
        """Return the checks, in the order they are shown."""
        ...


class NoChecks:
    """Nothing can be looked at."""

    def all(self) -> Sequence[Check]:
        """Return nothing."""
        return ()
