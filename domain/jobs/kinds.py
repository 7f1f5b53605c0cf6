"""How the further kinds of facts stand: how old, how many, and why not where one cannot be read."""

from dataclasses import dataclass
from datetime import datetime

from domain.inventory.due import is_due
from domain.kinds import FURTHER, Kind
from domain.ports import Ports
from domain.ports.shelves import Shelf


@dataclass(frozen=True, slots=True)
class KindStatus:
    """How one kind stands."""

    name: str
    on: bool
    """Whether it is switched on; what is off is not read, and what was read of it stays."""
    taken_at: datetime | None
    """When the latest complete read began; None where there is none."""
    rows: int
    due: bool
    """Whether that is as old as it may become."""
    reading: int | None
    """Rows so far of a read that goes on; None where none does."""
    remarks: tuple[str, ...]
    """What whoever uses it must know."""
    failed_at: datetime | None
    failure: str
    """Why the last try to read it came to nothing; empty where it did not."""


async def kinds(ports: Ports) -> tuple[KindStatus, ...]:
    """Return how every further kind stands."""
    shelves = await ports.shelves.stand(FURTHER)
    now = ports.clock.now()
    return tuple(
        _status(kind, shelves[kind.name], kind.name in ports.kinds, now) for kind in FURTHER
    )


def _status(kind: Kind, shelf: Shelf, on: bool, now: datetime) -> KindStatus:
    load, reading, failure = shelf.load, shelf.reading, shelf.failure
    return KindStatus(
        name=kind.name,
        on=on,
        taken_at=load.taken_at if load else None,
        rows=load.rows if load else 0,
        due=on and is_due(kind, shelf, now),
        reading=reading.rows if reading else None,
        remarks=load.remarks if load else (),
        failed_at=failure.at if failure else None,
        failure=failure.reason if failure else "",
    )
