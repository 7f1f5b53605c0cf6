"""Health: is the storage reached, and how old is what the app knows."""

from dataclasses import dataclass

from domain.ports import Ports


@dataclass(frozen=True, slots=True)
class Health:
    """The app is up and reaches its storage."""

    status: str
    inventory_age_seconds: float | None
    """None before the first inventory."""


async def health(ports: Ports) -> Health:
    """Look at the latest snapshot.

    Raises:
        Later: the storage cannot be reached.
    """
    newest = await ports.warehouse.newest()
    age = (ports.clock.now() - newest.taken_at).total_seconds() if newest else None
    return Health("ok", age)
