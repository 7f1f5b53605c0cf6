"""When a kind of facts is to be read, and from where."""

from datetime import datetime

from domain.kinds import Kind
from domain.ports.shelves import Reading, Shelf


def is_due(kind: Kind, shelf: Shelf, now: datetime) -> bool:
    """Tell whether the latest complete read is as old as it may become, or there is none.

    After a failure it is: what is there may be what came with Seatflow.
    """
    if kind.every is None or shelf.load is None or shelf.failure is not None:
        return True
    return now - shelf.load.taken_at >= kind.every


def to_go_on(kind: Kind, shelf: Shelf, now: datetime) -> Reading | None:
    """Return the read to go on with; one that began too long ago would be of no moment at all."""
    reading = shelf.reading
    if reading is None or (kind.every and now - reading.began_at >= kind.every):
        return None
    return reading
