"""What people switch by hand."""

from typing import Protocol

from domain.controls import ControlEvent, Controls


class Switches(Protocol):
    """The controls, with a history of who used them."""

    async def read(self) -> Controls:
        """Return how the controls stand now."""
        ...

    async def use(self, event: ControlEvent) -> None:
        """Pause, resume, protect or unprotect; the event joins the history in the same step.

        What is already so stays as it is: who paused or protected first keeps standing there.
        """
        ...

    async def history(self, limit: int) -> list[ControlEvent]:
        """Return the newest events, newest first."""
        ...
