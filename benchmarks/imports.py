"""Cold start, in fresh processes: importing the function app, and what Microsoft's worker library
takes to index it, which imports it too; against importing azure.functions, or msgraph, alone.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_ROUNDS = 7
_IMPORT = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
_INDEX = """
import asyncio, time
from pathlib import Path
from local.host.worker import Worker
t = time.perf_counter()
asyncio.run(Worker.start(Path.cwd(), {}))
print(time.perf_counter() - t)
"""
_SUBJECTS = {
    **{f"import {name}": _IMPORT.format(name) for name in ("function_app", "azure.functions")},
    "indexing, worker up": _INDEX,
    "import msgraph": _IMPORT.format("msgraph"),
}


async def run() -> None:
    """Print the medians, and the ratios to the baselines."""
    values = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
    environment = {**os.environ, **values}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    seconds: dict[str, list[float]] = {subject: [] for subject in _SUBJECTS}
    for number in range(_ROUNDS + 1):
        for subject in _SUBJECTS:
            took = _seconds(_SUBJECTS[subject], environment)
            if number:  # the first round warms the disk cache and writes bytecode
                seconds[subject].append(took)
    medians = {subject: statistics.median(took) for subject, took in seconds.items()}
    for subject, median in medians.items():
        print(f"{subject:23} {median * 1000:7.0f} ms")
    app, bare = medians["import function_app"], medians["import azure.functions"]
    print(f"function_app / azure.functions alone: {app / bare:.2f}")
    print(f"indexing / azure.functions alone: {medians['indexing, worker up'] / bare:.2f}")
    print(f"function_app / msgraph alone: {app / medians['import msgraph']:.2f}")


def _seconds(code: str, environment: dict[str, str]) -> float:
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
