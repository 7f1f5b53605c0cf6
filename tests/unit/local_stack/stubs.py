"""Small programs that stand in for the stack's own: they linger, fail or refuse to stop."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from local.process import Program

LINGER = "import time; print('ready'); time.sleep(300)"
FAIL = "print('warming up'); print('no such tenant'); raise SystemExit(3)"
NEVER_READY = "import time; print('thinking'); time.sleep(300)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('ready'); time.sleep(300)"
)
PARENT = (
    "import subprocess, sys, time; "
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)']); "
    "print('child', child.pid); print('ready'); time.sleep(300)"
)


def stub(name: str, code: str, patience_s: float = 20.0) -> Program:
    """Return a program that runs the code."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return Program(
        name, (sys.executable, "-S", "-c", code), "^ready", environment, patience_s=patience_s
    )


def is_alive(pid: int) -> bool:
    """Say whether the process exists and is no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_until(over: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for a condition from a test that has no event loop."""
    deadline = monotonic() + seconds
    while not over():
        assert monotonic() < deadline, "it did not happen in time"
        sleep(0.02)
