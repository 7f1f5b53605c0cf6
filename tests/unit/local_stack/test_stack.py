"""The stack's processes start together, stop together, and each can be killed and started again."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from local.errors import ProcessDied, StackError
from local.processes import Processes
from tests.unit.local_stack.stubs import FAIL, LINGER, NEVER_READY, is_alive, stub


async def test_all_programs_run_inside_the_block_and_none_after_it(tmp_path: Path) -> None:
    ready: list[str] = []
    programs = [stub("azurite", LINGER), stub("graph", LINGER)]

    async with Processes(programs, tmp_path, ready.append) as stack:
        pids = [stack.pid(name) for name in stack.names]
        assert all(is_alive(pid) for pid in pids)

    assert not any(is_alive(pid) for pid in pids)
    assert sorted(ready) == ["azurite", "graph"]


async def test_one_that_fails_takes_the_others_down(tmp_path: Path) -> None:
    programs = [stub("azurite", LINGER), stub("graph", FAIL), stub("host", NEVER_READY)]
    stack = Processes(programs, tmp_path)

    with pytest.raises(ProcessDied, match="graph ended with exit code 3"):
        await stack.start()

    with pytest.raises(StackError, match="the stack is not running"):
        stack.pid("azurite")


async def test_a_killed_program_starts_again_under_a_new_process(tmp_path: Path) -> None:
    async with Processes([stub("host", LINGER), stub("graph", LINGER)], tmp_path) as stack:
        first, graph = stack.pid("host"), stack.pid("graph")

        await stack.kill("host")
        assert not is_alive(first)
        await stack.start_one("host")

        assert stack.pid("host") != first
        assert stack.pid("graph") == graph


async def test_watch_tells_of_a_program_that_nobody_stopped(tmp_path: Path) -> None:
    async with Processes([stub("host", LINGER), stub("graph", LINGER)], tmp_path) as stack:
        watching = asyncio.create_task(stack.watch())
        await stack.kill("graph")
        await stack.start_one("graph")
        assert not watching.done()

        os.kill(stack.pid("host"), signal.SIGSEGV)

        with pytest.raises(ProcessDied, match="host was killed by SIGSEGV"):
            await asyncio.wait_for(watching, 60)


async def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    async with Processes([stub("host", LINGER)], tmp_path) as stack:
        with pytest.raises(StackError, match="no program 'hots'; there are: host"):
            await stack.kill("hots")


async def test_each_start_begins_with_empty_logs(tmp_path: Path) -> None:
    stack = Processes([stub("host", LINGER)], tmp_path)
    for _ in range(2):
        async with stack:
            assert stack.log("host").read_text().count("ready") == 1
