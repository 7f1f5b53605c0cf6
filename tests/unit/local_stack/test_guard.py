"""Nothing outlives the stack, not even when its own process is killed."""

import subprocess
import sys
from pathlib import Path

from tests.unit.local_stack.stubs import is_alive, wait_until

_STACK = """
import asyncio, sys
from pathlib import Path
from local.processes import Processes
from tests.unit.local_stack.stubs import LINGER, PARENT, STUBBORN, stub

async def main():
    chosen = [stub("graph", LINGER), stub("host", PARENT)]
    async with Processes(chosen, Path(sys.argv[1])) as stack:
        print(*[stack.pid(name) for name in stack.names], flush=True)
        await asyncio.sleep(300)

asyncio.run(main())
"""


def test_the_guard_stops_the_children_of_a_killed_stack(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _STACK, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as stack:
        assert stack.stdout is not None
        pids = [int(word) for word in stack.stdout.readline().split()]
        assert len(pids) == 2
        assert all(is_alive(pid) for pid in pids)

        stack.kill()
        stack.wait()

        wait_until(lambda: not any(is_alive(pid) for pid in pids))
