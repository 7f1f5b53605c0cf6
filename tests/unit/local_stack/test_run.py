"""The one command from start to end, with stand-ins for the programs it starts."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.layout import PROJECT
from local.ports import Ports, is_free
from tests.unit.local_stack.stubs import wait_until

type Launch = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def ports() -> Ports:
    return Ports.free()


@pytest.fixture
def launch(tmp_path: Path, ports: Ports) -> Iterator[Launch]:
    started: list[subprocess.Popen[str]] = []

    def launch(**variables: str) -> subprocess.Popen[str]:
        given = {
            "PEOPLE": "100",
            "BUNDLES": str(PROJECT / "bundles"),
            "GRAPH_PORT": str(ports.graph),
            "SERVICEBUS_PORT": str(ports.service_bus),
            "AZURITE_PORT": str(ports.azurite),
            "HOST_PORT": str(ports.host),
            "PYTHONPATH": str(PROJECT),
            **variables,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.unit.local_stack.stub_main"],
            env={**os.environ, **given},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield launch
    for process in started:
        process.kill()
        process.communicate()


def _finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def _read_to(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    read = ""
    for line in process.stdout:
        read += line
        if words in line:
            return read
    raise AssertionError(f"it ended before it said {words!r}:\n{read}")


def _nothing_runs(ports: Ports) -> bool:
    return all(is_free(port) for port, _, _ in ports.uses())


def test_once_ends_with_the_table_and_nothing_running(launch: Launch, ports: Ports) -> None:
    code, output = _finish(launch(ONCE="1"))

    assert code == 0, output
    assert re.search(r"e3 +9 +0 +8 +8 +0 +1 +0 +0", output), output
    assert "e3: 2 seats too few" in output
    assert "2 runs; Graph: 1,234 requests, 5,678 resource units" in output
    assert _nothing_runs(ports)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stays_up_until_it_is_told_to_stop(
    launch: Launch, ports: Ports, number: signal.Signals
) -> None:
    process = launch()
    output = _read_to(process, "Ctrl-C stops everything")
    assert not _nothing_runs(ports)

    process.send_signal(number)

    code, _ = _finish(process)
    assert code == 0
    assert f" -X PATCH http://127.0.0.1:{ports.graph}/__sim/users/ada.brandt@" in output
    assert _nothing_runs(ports)


def test_stopped_before_it_converged_it_says_so_with_its_exit_code(
    launch: Launch, ports: Ports
) -> None:
    process = launch(STUB_CHANGES="1 1 1 1 1 1")
    _read_to(process, "Inventory: started")

    process.send_signal(signal.SIGINT)

    code, _ = _finish(process)
    assert code == 128 + signal.SIGINT
    assert _nothing_runs(ports)


def test_a_program_that_dies_while_it_stays_up_ends_it(
    launch: Launch, ports: Ports, tmp_path: Path
) -> None:
    process = launch()
    _read_to(process, "Ctrl-C stops everything")
    log = tmp_path / ".local" / str(ports.host) / "logs" / "host.log"

    os.kill(int(log.read_text().split()[1]), signal.SIGKILL)

    code, output = _finish(process)
    assert code == 1
    assert "local: host was killed by SIGKILL" in output
    assert _nothing_runs(ports)


def test_killed_itself_it_leaves_nothing_running(launch: Launch, ports: Ports) -> None:
    process = launch()
    _read_to(process, "Ctrl-C stops everything")

    process.kill()

    wait_until(lambda: _nothing_runs(ports))


def test_what_does_not_converge_ends_with_the_reason(launch: Launch, ports: Ports) -> None:
    code, output = _finish(launch(ONCE="1", STUB_FAILS="User.Read.All is missing"))

    assert code == 1
    assert "local: the run failed: User.Read.All is missing" in output
    assert f"logs: .local/{ports.host}/logs" in output
    assert _nothing_runs(ports)


def test_a_bad_bundle_is_told_before_anything_starts(launch: Launch, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("id: e3\nnmae: Office\n")

    code, output = _finish(launch(BUNDLES=str(tmp_path)))

    assert code == 1
    assert f"{tmp_path}/bad.yaml:2: There is no field nmae" in output
    assert not (tmp_path / ".local").exists()


def test_a_bad_parameter_is_one_sentence(launch: Launch) -> None:
    code, output = _finish(launch(PEOPLE="lots"))

    assert (code, output) == (
        2,
        "local: PEOPLE must be a whole number from 100 to 1000000, not 'lots'\n",
    )


def test_a_tenant_that_is_none_is_one_sentence(launch: Launch, tmp_path: Path) -> None:
    (tmp_path / "tenant.json").write_text("{}")

    code, output = _finish(launch(TENANT=str(tmp_path / "tenant.json")))

    assert (code, output) == (
        1,
        f"local: the tenant {tmp_path}/tenant.json must have a list 'users'\n",
    )
