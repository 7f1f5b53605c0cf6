"""Translate what runs and bundles say into the phases that a person watches."""

from local.answers import Run, Status
from local.progress import Display, Phase


class Watcher:
    """A witness of convergence that moves the display; `people` is the size of the tenant."""

    def __init__(self, display: Display, people: int) -> None:
        self._display = display
        self._people = people
        self._inventoried = 0

    def saw_run(self, run: Run) -> None:
        """Show the inventory, which ends when compiling begins; later runs only read what moved."""
        over = run.state in ("compiling", "done")
        seen = max(run.people, self._people) if over else run.people
        self._inventoried = max(self._inventoried, seen)
        total = max(self._people, self._inventoried)
        self._display.show(Phase.INVENTORY, self._inventoried, total)
        if over:
            self._display.close(Phase.INVENTORY)

    def saw_status(self, status: Status) -> None:
        """Show changes applied and licenses confirmed; both end when nothing moves."""
        applied, granted = status.applied, status.granted
        self._display.show(Phase.CHANGES, applied, applied + status.in_flight)
        if not status.in_flight:
            self._display.close(Phase.CHANGES)
        self._display.show(Phase.LICENSES, max(0, granted - status.unconfirmed), granted)
        if not status.moving:
            self._display.close(Phase.LICENSES)


class Onlooker(Watcher):
    """A witness of a run that changes nothing."""

    def saw_status(self, status: Status) -> None:
        """Do nothing: no change moves."""
