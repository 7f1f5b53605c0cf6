"""The Graph simulator with a crowd, as a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.graph.groups import START
from adapters.graph.people import start_of
from benchmarks.world.child import ROOT


def first_links(graph: str) -> list[str]:
    """Return where the rounds begin; they are those the inventory asks for."""
    return [f"{graph}/v1.0{start}" for start in (start_of(frozenset()), START)]


@contextmanager
def running(people: int) -> Iterator[str]:
    """Start the simulator on a free port; the address has no version."""
    command = [sys.executable, "-m", "simulators.graph", "--port", "0", "--crowd", str(people)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split(" on ")[1].split("/v1.0")[0]
        finally:
            process.terminate()
