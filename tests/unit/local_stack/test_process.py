"""A program of the stack starts when its log says so, and ends with everything it started."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.errors import ProcessDied, StackError
from local.guard import Guard
from local.process import Process
from tests.unit.local_stack.stubs import (
    FAIL,
    LINGER,
    NEVER_READY,
    PARENT,
    STUBBORN,
    is_alive,
    stub,
    wait_until,
)


@pytest.fixture
def guard() -> Iterator[Guard]:
    guard = Guard()
    yield guard
    guard.close()


async def test_start_returns_when_the_log_says_ready(tmp_path: Path, guard: Guard) -> None:
    process = Process(stub("azurite", LINGER), tmp_path / "azurite.log", guard)

    await process.start()

    assert process.running
    assert "ready" in (tmp_path / "azurite.log").read_text()
    await process.stop()
    assert not process.running


async def test_a_program_that_ends_too_early_shows_the_end_of_its_log(
    tmp_path: Path, guard: Guard
) -> None:
    process = Process(stub("graph", FAIL), tmp_path / "graph.log", guard)

    with pytest.raises(ProcessDied, match=r"(?s)graph ended with exit code 3.*\| no such tenant"):
        await process.start()

    await process.stop()


async def test_a_program_that_is_never_ready_is_named(tmp_path: Path, guard: Guard) -> None:
    process = Process(stub("host", NEVER_READY, patience_s=0.5), tmp_path / "host.log", guard)

    with pytest.raises(ProcessDied, match=r"host was not ready after 0\.5 s"):
        await process.start()

    await process.stop()
    assert not process.running


async def test_a_program_that_is_not_there_is_one_sentence(tmp_path: Path, guard: Guard) -> None:
    program = stub("host", LINGER)
    program = type(program)(program.name, ("/no/such/func",), program.ready)
    process = Process(program, tmp_path / "host.log", guard)

    with pytest.raises(StackError, match=r"host cannot start: .*no/such/func"):
        await process.start()


async def test_a_program_that_ignores_a_polite_request_is_killed(
    tmp_path: Path, guard: Guard
) -> None:
    process = Process(stub("servicebus", STUBBORN), tmp_path / "servicebus.log", guard)
    await process.start()
    pid = process.pid

    await process.stop(grace_s=0.2)

    assert not is_alive(pid)


async def test_the_children_of_a_program_end_with_it(tmp_path: Path, guard: Guard) -> None:
    process = Process(stub("host", PARENT), tmp_path / "host.log", guard)
    await process.start()
    found = re.search(r"child (\d+)", (tmp_path / "host.log").read_text())
    assert found is not None
    child = int(found.group(1))

    await process.kill()

    wait_until(lambda: not is_alive(child))


async def test_a_restarted_program_is_ready_by_its_new_words_only(
    tmp_path: Path, guard: Guard
) -> None:
    first_time_only = (
        "import pathlib, sys, time; mark = pathlib.Path(sys.argv[1]); "
        "print('again' if mark.exists() else 'ready'); mark.touch(); time.sleep(300)"
    )
    program = stub("host", first_time_only, patience_s=2.0)
    command = (*program.command, str(tmp_path / "mark"))
    program = type(program)(
        program.name, command, program.ready, program.environment, patience_s=2.0
    )
    process = Process(program, tmp_path / "host.log", guard)
    await process.start()
    await process.kill()

    with pytest.raises(ProcessDied, match="not ready"):
        await process.start()

    await process.stop()
