"""Switches in memory."""

from domain.controls import ControlEvent, Controls, Pause, Protection, Switch
from tests.fakes.faults import Faulty, can_fail


class FakeSwitches(Faulty):
    """The Switches port in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._pause: Pause | None = None
        self._protected: dict[str, Protection] = {}
        self._events: list[ControlEvent] = []

    @can_fail
    async def read(self) -> Controls:
        return Controls(self._pause, dict(self._protected))

    @can_fail
    async def use(self, event: ControlEvent) -> None:
        by, at, reason = event.by, event.at, event.reason
        match event.switch:
            case Switch.PAUSE:
                self._pause = self._pause or Pause(by, at, reason)
            case Switch.RESUME:
                self._pause = None
            case Switch.PROTECT:
                protection = Protection(event.person, by, at, reason)
                self._protected.setdefault(event.person, protection)
            case Switch.UNPROTECT:
                self._protected.pop(event.person, None)
        if event not in self._events:
            self._events.append(event)

    @can_fail
    async def history(self, limit: int) -> list[ControlEvent]:
        return sorted(self._events, key=lambda event: event.at, reverse=True)[:limit]
