"""The command: what it says, when it ends and with which code."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.simulators.servicebus.process import SimulatorProcess, command, write_config


def run(*arguments: str | Path) -> tuple[int, str]:
    """Run the command to its end; return its exit code and what it said on stderr."""
    ended = subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=60, check=False
    )
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_a_signal_ends_it_well(config: Path, number: int) -> None:
    process = SimulatorProcess(config)

    assert process.ready_line == (
        f"Service Bus simulator ready on amqp://127.0.0.1:{process.port} (5 queues)\n"
    )
    assert process.stop(number) == 0


def test_a_port_that_is_taken_is_said_in_one_sentence(
    simulator: SimulatorProcess, config: Path
) -> None:
    code, said = run("--config", config, "--port", str(simulator.port))

    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith(f"Port {simulator.port} on 127.0.0.1 is already taken")


def test_a_bad_configuration_is_said_in_one_sentence(tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.json", {"q": {"Colour": "red"}})

    code, said = run("--config", config, "--port", "0")

    assert (code, said.count("\n")) == (2, 1)
    assert "queue 'q' has 'Colour'" in said
    assert run("--config", tmp_path / "none.json")[0] == 2


def test_data_that_another_simulator_uses_is_refused(
    own_simulator: SimulatorProcess, config: Path, tmp_path: Path
) -> None:
    code, said = run("--config", config, "--port", "0", "--data", tmp_path / "data")

    assert (code, said.count("\n")) == (2, 1)
    assert "cannot be used" in said


def test_a_queue_cannot_gain_or_lose_sessions_between_two_starts(tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.json", {"q": {"RequiresSession": True}})
    SimulatorProcess(config, tmp_path / "data").stop()
    write_config(config, {"q": {}})

    code, said = run("--config", config, "--port", "0", "--data", tmp_path / "data")

    assert (code, said.count("\n")) == (2, 1)
    assert "RequiresSession true" in said
