"""Shelve: read one of the further kinds of facts, and keep it when all of it is there."""

from domain.errors import Forbidden, Later, Never, Resync
from domain.inventory.due import is_due, to_go_on
from domain.jobs.work import work
from domain.kinds import Kind
from domain.ports import Ports
from domain.ports.shelves import Failure, Filling
from domain.telemetry.work import Work


async def shelve(ports: Ports, kind: Kind) -> None:
    """Read a kind if it is switched on and due; what fails is noted beside it, not raised.

    No decision rests on it, so nothing else stops when it cannot be read. The next look tries
    again, and goes on where this one ended if it can.
    """
    if kind.name not in ports.kinds:
        return
    async with ports.shelves.fill(kind) as filling:
        if filling is None:
            ports.log.note("kind.busy", kind=kind.name)
        elif is_due(kind, filling.shelf, ports.clock.now()):
            await _fill(ports, kind, filling)


@work(Work.SHELVE, lambda kind, filling: {"kind": kind.name})
async def _fill(ports: Ports, kind: Kind, filling: Filling) -> None:
    reading = _Read(ports, kind, filling)
    try:
        await reading.go_on()
    except (Later, Never) as error:
        if isinstance(error, Later):  # what is refused is not gone on with, however long it takes
            await reading.stop()
        await _make_do(ports, kind, filling)
        failure = Failure(ports.clock.now(), _sentence(kind, error))
        await filling.fail(failure)
        ports.log.note("kind.failed", kind=kind.name, reason=failure.reason)


async def _make_do(ports: Ports, kind: Kind, filling: Filling) -> None:
    """Where nothing was ever read, take what came with Seatflow, if something did."""
    page = ports.sources.shipped(kind) if filling.shelf.load is None else None
    if page is not None:
        await filling.begin(ports.clock.now())
        await filling.add(page.rows)
        await filling.keep(page.remarks)


class _Read:
    """One run's part in a read, which may be all of it."""

    def __init__(self, ports: Ports, kind: Kind, filling: Filling) -> None:
        self._ports, self._kind, self._filling = ports, kind, filling
        self._until = ports.clock.now() + kind.budget
        self._link: str | None = None
        self._saved: str | None = None
        self._remarks: dict[str, None] = {}

    async def go_on(self) -> None:
        """Read on from where the last run ended, or from the beginning."""
        found = to_go_on(self._kind, self._filling.shelf, self._ports.clock.now())
        if found is not None:
            self._remarks = dict.fromkeys(found.remarks)
            try:
                await self._from(found.link)
            except Resync as dead:
                self._ports.log.note("kind.anew", kind=self._kind.name, reason=str(dead))
            else:
                return
        await self._filling.begin(self._ports.clock.now())
        self._remarks = {}
        await self._from(None)

    async def stop(self) -> None:
        """Keep what came before the failure, where the read can go on."""
        if self._link is not None and self._link != self._saved:
            await self._filling.set_aside(self._link, tuple(self._remarks))

    async def _from(self, link: str | None) -> None:
        self._link = self._saved = link
        async for page in self._ports.sources.pages(self._kind, link):
            self._link = None  # a page that is taken in by half is not gone on from
            await self._filling.add(page.rows)
            self._remarks |= dict.fromkeys(page.remarks)
            self._link = page.link
            if page.link is not None and self._ports.clock.now() >= self._until:
                await self._pause(page.link)
                return
        load = await self._filling.keep(tuple(self._remarks))
        self._ports.log.note("kind.done", kind=self._kind.name, rows=load.rows)

    async def _pause(self, link: str) -> None:
        await self._filling.set_aside(link, tuple(self._remarks))
        self._ports.log.note("kind.paused", kind=self._kind.name)


def _sentence(kind: Kind, error: Later | Never) -> str:
    """Return why a read failed, and for a missing permission that the kind can be switched off."""
    return f"{error} Or set {kind.switch}=off." if isinstance(error, Forbidden) else str(error)
