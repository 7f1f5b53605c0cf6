"""Cold import of the function app, in fresh processes, against importing msgraph alone."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_ROUNDS = 7
_CODE = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
_SUBJECTS = ("function_app", "azure.functions", "msgraph")


async def run() -> None:
    """Print the medians, and the ratio to the baseline `import msgraph`."""
    values = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
    environment = {**os.environ, **values}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    seconds: dict[str, list[float]] = {subject: [] for subject in _SUBJECTS}
    for number in range(_ROUNDS + 1):
        for subject in _SUBJECTS:
            took = _import(subject, environment)
            if number:  # the first round warms the disk cache and writes bytecode
                seconds[subject].append(took)
    medians = {subject: statistics.median(took) for subject, took in seconds.items()}
    for subject, median in medians.items():
        print(f"import {subject:16} {median * 1000:7.0f} ms")
    ratio = medians["function_app"] / medians["msgraph"]
    print(f"function_app / msgraph alone: {ratio:.2f}")
    print(f"of which azure.functions itself: {medians['azure.functions'] / medians['msgraph']:.2f}")


def _import(subject: str, environment: dict[str, str]) -> float:
    command = [sys.executable, "-c", _CODE.format(subject)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
