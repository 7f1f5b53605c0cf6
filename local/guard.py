"""The guard: one small process that outlives the stack's own and stops its children if it dies.

A process that is killed (SIGKILL, a crash, the out-of-memory killer) can clean up nothing. So each
stack starts a guard and holds one end of a pipe to it. The process groups to watch go through the
pipe; when the pipe closes, whoever held it is gone, and the guard stops every group it still knows.
It needs no special feature of any platform. This file is also the guard's program: it is run by
path, isolated, so that it starts quickly and imports nothing of ours.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

GRACE_S = 10.0


class Guard:
    """The stack's end of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).resolve())],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C in the terminal reaches the whole foreground group; the guard must outlive it.
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The guard's own process id."""
        return self._process.pid

    def watch(self, group: int) -> None:
        """Stop this process group if the stack dies."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """The group is gone; its number may come to belong to somebody else."""
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """Let the guard stop what is still known to it, and wait for its end."""
        with self._pipe:
            pass
        self._process.wait()

    @property
    def _pipe(self) -> IO[bytes]:
        assert self._process.stdin is not None  # asked for above
        return self._process.stdin

    def _tell(self, line: str) -> None:
        # Without its guard a stack is only less protected; stopping it must still work.
        with contextlib.suppress(BrokenPipeError):
            self._pipe.write(line.encode())


def end_group(group: int, grace_s: float = GRACE_S) -> None:
    """Ask a process group to stop; make it stop when the grace period is over."""
    deadline = time.monotonic() + grace_s
    signal_group(group, signal.SIGTERM)
    while signal_group(group, 0) and time.monotonic() < deadline:
        time.sleep(0.05)
    signal_group(group, signal.SIGKILL)


def signal_group(group: int, number: int) -> bool:
    """Signal a process group; say whether there is still one."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS: not permitted, for a group of the dead
        return False
    return True


def _main() -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        known = groups.add if line[0] == "+" else groups.discard
        known(int(line[1:]))
    for group in groups:
        signal_group(group, signal.SIGTERM)
    for group in groups:
        end_group(group)


if __name__ == "__main__":
    _main()
