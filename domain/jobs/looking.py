"""The jobs that look at snapshots: a part of `Jobs`."""

from domain.inventory.exported import Exported, Format
from domain.jobs.export import export
from domain.jobs.look import LATEST, Compared, diff
from domain.ports import KeptSnapshot, Ports


class Looking:
    """Everything that is asked of kept snapshots."""

    _ports: Ports

    async def snapshots(self) -> list[KeptSnapshot]:
        """List the snapshots that are kept, newest first."""
        return list(await self._ports.warehouse.snapshots())

    async def export(
        self, kind: str, snapshot: str | None, format: Format | None, part: int | None
    ) -> Exported | None:
        """Return a part of a kind of facts as a file; None for no such part."""
        return await export(self._ports, kind, snapshot, format, part)

    async def diff(
        self, before: str, after: str | None, attributes: str | None, group: str | None
    ) -> Compared:
        """Say who came, left and changed between two snapshots."""
        return await diff(self._ports, before, after or LATEST, attributes, group)
