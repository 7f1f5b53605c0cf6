"""Everything that a measurement does not measure, in memory."""

from typing import Any

from domain.ports import Ports
from tests.fakes.clock import FakeClock
from tests.fakes.directory import FakeDirectory, FakeTargets
from tests.fakes.ledger import FakeLedger
from tests.fakes.log import FakeLog
from tests.fakes.notices import FakeNotices
from tests.fakes.queue import FakeQueue
from tests.fakes.records import FakeBundles, FakePlans, FakeRuns
from tests.fakes.shelves import FakeShelves
from tests.fakes.sources import FakeSources
from tests.fakes.switches import FakeSwitches
from tests.fakes.tenant import FakeTenant
from tests.fakes.warehouse import FakeWarehouse
from tests.fakes.watches import FakeWatches


def in_memory(**real: Any) -> Ports:
    """Return fakes, but for the ports that are given by name."""
    tenant = FakeTenant()
    fakes: dict[str, Any] = {
        "directory": FakeDirectory(tenant),
        "targets": FakeTargets(tenant),
        "warehouse": FakeWarehouse(),
        "ledger": FakeLedger(),
        "bundles": FakeBundles(),
        "plans": FakePlans(),
        "runs": FakeRuns(),
        "queue": FakeQueue(),
        "watches": FakeWatches(),
        "notices": FakeNotices(),
        "switches": FakeSwitches(),
        "shelves": FakeShelves(),
        "sources": FakeSources(),
        "clock": FakeClock(),
        "log": FakeLog(),
    }
    return Ports(**fakes | real)
