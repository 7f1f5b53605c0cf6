from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.servicebus.handlers import Handlers, stubborn_handlers
from tests.simulators.servicebus.process import SimulatorProcess, write_config

QUEUES: dict[str, dict[str, Any]] = {
    "plain": {"LockDuration": "PT1M", "MaxDeliveryCount": 3},
    "mortal": {"DefaultMessageTimeToLive": "PT1M", "DeadLetteringOnMessageExpiration": True},
    "once": {
        "RequiresDuplicateDetection": True,
        "DuplicateDetectionHistoryTimeWindow": "PT5M",  # longer than a slow machine takes
    },
    "groups": {"RequiresSession": True, "LockDuration": "PT30S", "MaxDeliveryCount": 3},
    "pages": {"RequiresSession": True, "RequiresDuplicateDetection": True},
}


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_config(tmp_path_factory.mktemp("servicebus") / "config.json", QUEUES)


@pytest.fixture(scope="session")
def shared_simulator(
    config: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimulatorProcess]:
    process = SimulatorProcess(config, tmp_path_factory.mktemp("data"))
    yield process
    assert process.stop() == 0


@pytest.fixture(scope="session")
def shared_handlers(shared_simulator: SimulatorProcess) -> Iterator[Handlers]:
    handlers = Handlers(shared_simulator.connection_string())
    yield handlers
    handlers.close()


@pytest.fixture
def simulator(shared_simulator: SimulatorProcess) -> SimulatorProcess:
    """The simulator all tests share, with every queue empty and every fault off."""
    shared_simulator.order(refuse_connections=0, server_busy=0, delay_sends=0, drop_after_frames=0)
    for queue in QUEUES:
        for name in (queue, f"{queue}/$DeadLetterQueue"):
            assert shared_simulator.ask("POST", f"/__sim/queues/{name}/purge")[0] == 200
    return shared_simulator


@pytest.fixture
def handlers(simulator: SimulatorProcess, shared_handlers: Handlers) -> Handlers:
    """The SDK handlers all tests share, on empty queues."""
    return shared_handlers


@pytest.fixture
def own_simulator(config: Path, tmp_path: Path) -> Iterator[SimulatorProcess]:
    """A simulator that the test may kill; it remembers."""
    process = SimulatorProcess(config, tmp_path / "data")
    yield process
    process.stop()


@pytest.fixture
def stubborn(own_simulator: SimulatorProcess) -> Iterator[Handlers]:
    """A client of that simulator which tries again."""
    yield from stubborn_handlers(own_simulator)
