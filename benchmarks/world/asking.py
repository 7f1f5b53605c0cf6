"""A process of its own that is asked what an edited bundle would change."""

import asyncio
import sys
from pathlib import Path

import yaml

from benchmarks.world.bundles import offers
from benchmarks.world.compiling import NOW, load
from benchmarks.world.in_memory import in_memory
from benchmarks.world.measured import Measured, peak
from domain.decision.effect import Effect
from domain.inventory.snapshot import Snapshot
from domain.jobs.whatif import whatif
from tests.fakes.clock import FakeClock
from tests.fakes.warehouse import FakeWarehouse

EDITED = {"a rule, cold": 0, "a rule, warm": 6, "a source group, warm": 35, "seats, warm": 48}
"""What is asked, in this order -> the bundle that is edited."""


class _OnFile(FakeWarehouse):
    """Loads the snapshot when it is first asked for, as a worker does."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._loaded: Snapshot | None = None

    async def latest(self) -> Snapshot | None:
        self._loaded = self._loaded or load(self._folder)
        return self._loaded


async def main(folder: Path) -> None:
    """Ask one question after the other and report."""
    measured = Measured()
    ports = in_memory(warehouse=_OnFile(folder), clock=FakeClock(NOW))
    await ports.bundles.put([offer.bundle for offer in offers()], "benchmark", NOW)
    effects = {}
    for name, number in EDITED.items():
        files = _files(number)
        with measured.phase(name):
            effect = await whatif(ports, files)
        effects[name] = _sentence(effect)
    measured.report(peak=peak(), effects=effects)


def _files(edited: int) -> dict[str, str]:
    """Return the candidate policy: fifty files, one of them edited."""
    return {
        f"{offer.bundle.id}.yaml": yaml.safe_dump(
            offer.bundle.model_dump(mode="json", exclude_defaults=True)
        )
        for offer in offers(changed=edited)
    }


def _sentence(effect: Effect) -> str:
    changed = [each for each in effect.bundles if each.status == "changed"]
    return ", ".join(
        f"{each.bundle} gains {each.gains:,} and loses {each.losses:,} of"
        f" {each.entitled_before:,} entitled; {len(effect.bundles)} bundles compiled"
        for each in changed
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
