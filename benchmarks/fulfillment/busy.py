"""How much processor time each program of the stack uses, read from Linux's /proc."""

import asyncio
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.stack import Stack

_POLL_S = 0.2


@dataclass
class Busy:
    """Processor seconds of each program since it started, by moment of the monotonic clock."""

    readings: list[tuple[float, Mapping[str, float]]] = field(default_factory=list)

    def between(self, since: float, until: float) -> dict[str, float]:
        """Return the processor seconds that each program used in that time, about."""
        if not self.readings:
            return {}
        first, last = self._near(since), self._near(until)
        return {name: last[name] - first[name] for name in last}

    def _near(self, moment: float) -> Mapping[str, float]:
        return min(self.readings, key=lambda reading: abs(reading[0] - moment))[1]


async def watch(stack: Stack, busy: Busy) -> None:
    """Read until cancelled; where there is no /proc, read nothing."""
    while Path("/proc/self/stat").exists():  # noqa: ASYNC240 (no disk behind it)
        used = {name: _used(stack.pid(name)) for name in stack.names}
        busy.readings.append((time.monotonic(), used))
        await asyncio.sleep(_POLL_S)


def _used(pid: int) -> float:
    """Return user and system time (proc(5): fields 14 and 15, counted after the name)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
