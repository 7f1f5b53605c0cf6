"""Worlds on file, and processes of their own that are measured on them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "100000"))
"""Size of the tenant."""

KEPT = os.environ.get("BENCH_FOLDER")
"""Where worlds are kept for the next time; without it they are made and thrown away."""


@contextmanager
def world(people: int) -> Iterator[Path]:
    """Have a world of so many people in a folder."""
    with TemporaryDirectory() as passing:
        folder = Path(KEPT or passing) / f"world-{people}"
        if not folder.exists():
            print(f"  laying out {people:,} people ...", flush=True)
            start("benchmarks.world.tenant", str(people), str(folder))
        yield folder


def start(module: str, *arguments: str) -> dict[str, Any]:
    """Run a module in a fresh process and return what it reported."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout or "{}")
    return found


def total(report: dict[str, Any], of: str = "seconds") -> float:
    """Return the sum over all phases."""
    return float(sum(report[of].values()))


def show(name: str, report: dict[str, Any]) -> None:
    """Print one side's phases."""
    phases = ", ".join(f"{phase} {took:.2f}" for phase, took in report["seconds"].items())
    print(
        f"{name:13} {total(report):7.2f} s ({phases});"
        f" processor {total(report, 'processor'):.2f} s; peak memory {report['peak']:,.0f} MB"
    )
