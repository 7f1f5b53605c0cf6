"""How many random schedules were tried, for the line at the end of a test run."""

from collections import Counter

TRIED: Counter[str] = Counter()
"""Schedules and steps, in memory and on the stack."""


def count(where: str, steps: int) -> None:
    """Count one schedule of so many steps that came to its end, whatever that was."""
    TRIED[f"schedules {where}"] += 1
    TRIED[f"steps {where}"] += steps


def told() -> str:
    """Return what was tried as one line; empty where nothing was."""
    if not TRIED:
        return ""
    memory, stack = (TRIED[f"schedules {where}"] for where in ("in memory", "on the stack"))
    steps = sum(count for name, count in TRIED.items() if name.startswith("steps"))
    return f"schedules tried: {memory} in memory, {stack} on the stack ({steps} steps)"
